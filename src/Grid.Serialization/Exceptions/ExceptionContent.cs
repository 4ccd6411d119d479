using System.Runtime.CompilerServices;

namespace Grid.Serialization;

/// <summary>
/// What makes an exception more than its texts: its type, and the fields that the types below <see cref="Exception"/> declare. Exception's own fields are
/// set here by name, on the reader's side only, so its layout need not be the same on both.
/// </summary>
internal sealed class ExceptionContent
{
    private static readonly ConditionalWeakTable<Type, ExceptionContent> Contents = [];

    private readonly FieldPlan _plan;
    private readonly WriteValue<Exception> _write;
    private readonly FillObject<Exception> _fill;

    private ExceptionContent(Type type)
    {
        _plan = new FieldPlan(type, until: typeof(Exception));
        FieldCompiler.Prepare(_plan);
        _write = FieldCompiler.CompileWrite<WriteValue<Exception>>(_plan);
        _fill = FieldCompiler.CompileRead<FillObject<Exception>>(_plan);
    }

    public static void Write(ref PayloadWriter writer, Exception value)
    {
        var content = Of(value.GetType());
        writer.WriteArrayHeader(5);
        Formatters<Type>.Instance.Write(ref writer, value.GetType());
        writer.WriteString(MessageOf(value));
        writer.WriteString(HelpLinkOf(value));
        writer.WriteString(SourceOf(value));
        content._plan.WriteHeader(ref writer);
        content._write(ref writer, value);
    }

    public static Exception Read(ref PayloadReader reader)
    {
        reader.ReadArrayHeaderOf(5);
        var type = Formatters<Type>.Instance.Read(ref reader);
        if (type is null || !typeof(Exception).IsAssignableFrom(type) || type.IsAbstract || type.ContainsGenericParameters)
        {
            throw new MalformedPayloadException($"At byte {reader.Position} of the payload type {type} is named as the type of an exception.");
        }

        var content = Of(type);
        var value = (Exception)RuntimeHelpers.GetUninitializedObject(type);
        if (Refusals.HasFinalizer(type))
        {
            reader.State.HoldFinalizer(value);
        }

        MessageOf(value) = reader.ReadString();
        HelpLinkOf(value) = reader.ReadString();
        SourceOf(value) = reader.ReadString();
        content._plan.ReadHeader(ref reader);
        content._fill(ref reader, value);
        return value;
    }

    public static void Complete(Exception exception, int errorCode, Exception? inner)
    {
        exception.HResult = errorCode;
        InnerOf(exception) = inner ?? (exception as AggregateException)?.InnerExceptions.FirstOrDefault();
    }

    private static ExceptionContent Of(Type type) => Contents.GetValue(type, static key => new ExceptionContent(key));

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_message")]
    private static extern ref string? MessageOf(Exception exception);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_innerException")]
    private static extern ref Exception? InnerOf(Exception exception);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_helpURL")]
    private static extern ref string? HelpLinkOf(Exception exception);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_source")]
    private static extern ref string? SourceOf(Exception exception);
}
