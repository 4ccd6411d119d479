using System.Reflection;
using System.Runtime.CompilerServices;

namespace Grid.Serialization;

/// <summary>A method that delegates over the wire point to: its name, what its target is, and how delegates of each type are made.</summary>
internal sealed class ShippedMethod
{
    // Replaced, never changed, by whichever thread adds a binding; read by all.
    private volatile DelegateBinding[] _bindings = [];

    public ShippedMethod(MethodBase method, WireName name)
    {
        Method = method;
        Name = name;
        ArgumentCount = method.GetParameters().Length + (method.IsStatic ? 0 : 1);
        HasEmptyTarget = !method.IsStatic && IsEmpty(method.DeclaringType!);
        TargetType = method.IsStatic ? method.GetParameters() is [var first, ..] ? first.ParameterType : null : method.DeclaringType;
        if (TargetType is { IsByRef: true } or { IsPointer: true } or { IsByRefLike: true } or { ContainsGenericParameters: true })
        {
            TargetType = null;
        }
    }

    public MethodBase Method { get; }

    public WireName Name { get; }

    /// <summary>The parameters, with the one that is called <c>this</c>.</summary>
    public int ArgumentCount { get; }

    /// <summary>The type of the first argument, which a closed delegate carries.</summary>
    public Type? TargetType { get; }

    /// <summary>
    /// Whether the target holds nothing: the compiler makes lambdas that capture nothing methods of an object without fields. It does not travel,
    /// and all delegates for the method are one.
    /// </summary>
    public bool HasEmptyTarget { get; }

    public Formatter Target => FormatterIndex.Of(TargetType!);

    public DelegateBinding BindingFor(Type delegateType)
    {
        foreach (var binding in _bindings)
        {
            if (binding.DelegateType == delegateType)
            {
                return binding;
            }
        }

        var added = DelegateBinding.Create(delegateType, this);
        _bindings = [.. _bindings, added];
        return added;
    }

    private static bool IsEmpty(Type type)
    {
        const BindingFlags Fields = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
        return type.BaseType == typeof(object) && type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false) && type.GetFields(Fields).Length == 0;
    }
}
