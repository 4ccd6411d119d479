using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace Grid.Serialization;

/// <summary>
/// How delegates of one type are made for one method. The runtime has checked once that the two fit; without that check a forged name would
/// call a method with the wrong arguments.
/// </summary>
internal sealed class DelegateBinding
{
    private DelegateBinding(Type delegateType, Delegate? shared, Func<object?, Delegate>? factory)
    {
        DelegateType = delegateType;
        Shared = shared;
        Factory = factory;
    }

    public Type DelegateType { get; }

    /// <summary>The one delegate, when there is no target to tell delegates apart.</summary>
    public Delegate? Shared { get; }

    /// <summary>Makes a delegate with a target of the method's target type; otherwise.</summary>
    public Func<object?, Delegate>? Factory { get; }

    public static DelegateBinding Create(Type delegateType, ShippedMethod shipped)
    {
        if (shipped.Method is not MethodInfo method || method.ContainsGenericParameters)
        {
            throw Misfit(delegateType, shipped.Method);
        }

        var invokeCount = delegateType.GetMethod("Invoke")!.GetParameters().Length;
        if (shipped.ArgumentCount == invokeCount)
        {
            var open = Delegate.CreateDelegate(delegateType, method, throwOnBindFailure: false);
            return new DelegateBinding(delegateType, open ?? throw Misfit(delegateType, method), null);
        }

        if (shipped.HasEmptyTarget)
        {
            var target = Singleton(method.DeclaringType!);
            var closed = Delegate.CreateDelegate(delegateType, target, method, throwOnBindFailure: false);
            return new DelegateBinding(delegateType, closed ?? throw Misfit(delegateType, method), null);
        }

        if (shipped.TargetType is null || Delegate.CreateDelegate(delegateType, null, method, throwOnBindFailure: false) is null)
        {
            throw Misfit(delegateType, method);
        }

        return new DelegateBinding(delegateType, null, CompileFactory(delegateType, method));
    }

    /// <summary>The object that the compiler made for lambdas without captures; it has no state, so another one would do.</summary>
    private static object Singleton(Type type) =>
        type.GetField("<>9", BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)?.GetValue(null)
        ?? RuntimeHelpers.GetUninitializedObject(type);

    /// <summary>As C# does it, which takes 10 ns where <see cref="Delegate.CreateDelegate(Type, object, MethodInfo)"/> takes several hundred.</summary>
    private static Func<object?, Delegate> CompileFactory(Type delegateType, MethodInfo method)
    {
        if (!RuntimeFeature.IsDynamicCodeSupported)
        {
            return target => Delegate.CreateDelegate(delegateType, target, method);
        }

        var factory = new DynamicMethod("MakeDelegate", typeof(Delegate), [typeof(object)], method.Module, skipVisibility: true);
        var il = factory.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldftn, method);
        il.Emit(OpCodes.Newobj, delegateType.GetConstructors()[0]);
        il.Emit(OpCodes.Ret);
        return factory.CreateDelegate<Func<object?, Delegate>>();
    }

    private static MalformedPayloadException Misfit(Type delegateType, MethodBase method) =>
        new($"Method {TypeNaming.Friendly(method.DeclaringType!)}.{method.Name} does not fit delegate type {TypeNaming.Friendly(delegateType)}.");
}
