namespace Grid.Serialization;

/// <summary>
/// Delegates of one type: a method without a target, <c>[method, target]</c>, or <c>[nil, delegate, ...]</c> for several. Without an identity of their own
/// (delegates compare by method and target), but their targets have one.
/// </summary>
internal sealed class DelegateFormatter<T>() : ClassFormatter<T>(Tracking.None)
    where T : Delegate
{
    private readonly int _invokeCount = typeof(T).GetMethod("Invoke")!.GetParameters().Length;

    public override string? RefusalOf(object value)
    {
        foreach (var single in Delegate.EnumerateInvocationList((T)value))
        {
            if (single.Method.DeclaringType is null or { Assembly.IsDynamic: true })
            {
                return "its method was compiled at run time and exists in no assembly; use a lambda or a method of a type";
            }
        }

        return null;
    }

    public override IEnumerable<PathStep> StepsOf(object value)
    {
        foreach (var single in ((Delegate)value).GetInvocationList())
        {
            var target = single.Target;
            if (target is not null)
            {
                yield return TypeNaming.IsClosure(target.GetType()) ? PathStep.Through(target) : PathStep.Named("this", target);
            }
        }
    }

    protected override void WriteBody(ref PayloadWriter writer, T value)
    {
        if (value.HasSingleTarget)
        {
            WriteSingle(ref writer, value);
            return;
        }

        var count = 1;
        foreach (var single in Delegate.EnumerateInvocationList(value))
        {
            count++;
        }

        writer.WriteArrayHeader(count);
        writer.WriteNil();
        foreach (var single in Delegate.EnumerateInvocationList(value))
        {
            WriteSingle(ref writer, single);
        }
    }

    protected override T ReadBody(ref PayloadReader reader)
    {
        if (reader.PeekExtension() == ExtensionCode.Method)
        {
            return ReadWithoutTarget(ref reader);
        }

        var position = reader.Position;
        var count = reader.ReadArrayHeader();
        if (count == 2 && reader.PeekExtension() == ExtensionCode.Method)
        {
            return ReadWithTarget(ref reader);
        }

        if (count < 2 || !reader.TryReadNil())
        {
            Malformed.Content(position, "a delegate is neither a method nor a method with its target nor a list of these.");
        }

        Delegate? combined = null;
        for (var i = 1; i < count; i++)
        {
            combined = Delegate.Combine(combined, ReadBody(ref reader));
        }

        return (T)combined!;
    }

    private static DelegateBinding ReadBinding(ref PayloadReader reader, out ShippedMethod method)
    {
        var name = reader.ReadExtensionOf(ExtensionCode.Method);
        method = reader.State.Code.ResolveMethod(name, reader.Modules);
        return method.BindingFor(typeof(T));
    }

    private static T ReadWithoutTarget(ref PayloadReader reader)
    {
        var binding = ReadBinding(ref reader, out _);
        if (binding.Shared is null)
        {
            Malformed.Content(reader.Position, "a delegate lacks the target that its method needs.");
        }

        return (T)binding.Shared;
    }

    private static T ReadWithTarget(ref PayloadReader reader)
    {
        var binding = ReadBinding(ref reader, out var method);
        if (binding.Factory is null)
        {
            Malformed.Content(reader.Position, "a delegate has a target, and its method takes none.");
        }

        var target = method.Target.ReadAny(ref reader);
        if (target is null && !method.Method.IsStatic)
        {
            Malformed.Content(reader.Position, "the target of a delegate is null.");
        }

        return (T)binding.Factory(target);
    }

    private void WriteSingle(ref PayloadWriter writer, T value)
    {
        var method = value.Method;
        if (method.DeclaringType is null or { Assembly.IsDynamic: true })
        {
            throw new ShipmentRefusal(value, RefusalOf(value)!);
        }

        var shipped = writer.State.Code.NameOf(method);
        if (shipped.HasEmptyTarget || shipped.ArgumentCount == _invokeCount)
        {
            writer.WriteName(ExtensionCode.Method, shipped.Name);
            return;
        }

        writer.WriteArrayHeader(2);
        writer.WriteName(ExtensionCode.Method, shipped.Name);
        shipped.Target.WriteAny(ref writer, value.Target);
    }
}
