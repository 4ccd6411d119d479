using System.Reflection;

namespace Grid.Serialization;

/// <summary>
/// Reads and writes a type's fields by reflection, to the same bytes as <see cref="FieldCompiler"/> and many times slower: for processes in which making code is switched off, as it
/// is in programs that are one source file.
/// </summary>
internal sealed class FieldReflection
{
    private readonly FieldInfo[] _fields;
    private readonly Formatter[] _formatters;

    private FieldReflection(FieldPlan plan)
    {
        _fields = [.. plan.Fields];
        _formatters = Array.ConvertAll(_fields, FieldCompiler.FormatterOf);
    }

    /// <summary>Makes the delegate that <see cref="FieldCompiler.CompileWrite"/> makes.</summary>
    public static TDelegate Writer<TDelegate>(FieldPlan plan)
        where TDelegate : Delegate => Make<TDelegate>(plan, IsOfStructure<TDelegate>() ? nameof(WriteStructure) : nameof(WriteObject));

    /// <summary>Makes the delegate that <see cref="FieldCompiler.CompileRead"/> makes.</summary>
    public static TDelegate Reader<TDelegate>(FieldPlan plan)
        where TDelegate : Delegate => Make<TDelegate>(plan, IsOfStructure<TDelegate>() ? nameof(ReadStructure) : nameof(FillObject));

    public void WriteObject<T>(ref PayloadWriter writer, T value)
        where T : class => Write(ref writer, value);

    public void WriteStructure<T>(ref PayloadWriter writer, ref T value)
        where T : struct => Write(ref writer, value);

    public void FillObject<T>(ref PayloadReader reader, T value)
        where T : class => Read(ref reader, value);

    public void ReadStructure<T>(ref PayloadReader reader, ref T value)
        where T : struct
    {
        object box = value;
        Read(ref reader, box);
        value = (T)box;
    }

    private static bool IsOfStructure<TDelegate>() => typeof(TDelegate).GetGenericArguments()[0].IsValueType;

    private static TDelegate Make<TDelegate>(FieldPlan plan, string name)
        where TDelegate : Delegate =>
        typeof(FieldReflection).GetMethod(name)!.MakeGenericMethod(typeof(TDelegate).GetGenericArguments()[0]).CreateDelegate<TDelegate>(new FieldReflection(plan));

    private void Write(ref PayloadWriter writer, object value)
    {
        for (var i = 0; i < _fields.Length; i++)
        {
            _formatters[i].WriteAny(ref writer, FieldPlan.AddressOf(_fields[i].GetValue(value)));
        }
    }

    private void Read(ref PayloadReader reader, object value)
    {
        for (var i = 0; i < _fields.Length; i++)
        {
            _fields[i].SetValue(value, _formatters[i].ReadAny(ref reader));
        }
    }
}
