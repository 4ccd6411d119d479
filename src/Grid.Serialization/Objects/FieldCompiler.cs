using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace Grid.Serialization;

/// <summary>
/// Compiles the reading and writing of a type's fields to IL: private and read-only fields are as fast as any, and there is no reflection when it runs.
/// </summary>
internal static class FieldCompiler
{
    private static readonly Dictionary<Type, string> Primitives = new()
    {
        [typeof(bool)] = "Boolean",
        [typeof(sbyte)] = "SByte",
        [typeof(byte)] = "ByteValue",
        [typeof(short)] = "Int16",
        [typeof(ushort)] = "UInt16",
        [typeof(int)] = "Int32",
        [typeof(uint)] = "UInt32",
        [typeof(long)] = "Int64",
        [typeof(ulong)] = "UInt64",
        [typeof(char)] = "Char",
        [typeof(float)] = "Single",
        [typeof(double)] = "Double",
        [typeof(string)] = "String",
    };

    // Fields of these types are coded by direct calls, the others through the formatter of their type.
    private static readonly Dictionary<Type, (MethodInfo Write, MethodInfo Read)> Direct = FindDirect();

    /// <summary>Makes a delegate that takes a writer and the object, or a reference to the structure, and writes the fields.</summary>
    public static TDelegate CompileWrite<TDelegate>(FieldPlan plan)
        where TDelegate : Delegate
    {
        if (!RuntimeFeature.IsDynamicCodeSupported)
        {
            return FieldReflection.Writer<TDelegate>(plan);
        }

        var method = NewMethod("WriteFields", typeof(TDelegate), plan);
        var il = method.GetILGenerator();
        foreach (var field in plan.Fields)
        {
            var type = LocationType(field);
            var isDirect = Direct.TryGetValue(CodedType(type), out var direct);
            if (!isDirect)
            {
                il.Emit(OpCodes.Ldsfld, InstanceField(type));
            }

            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldarg_1);
            il.Emit(OpCodes.Ldfld, field);
            if (isDirect)
            {
                il.Emit(OpCodes.Call, direct.Write);
            }
            else
            {
                il.Emit(OpCodes.Callvirt, typeof(Formatter<>).MakeGenericType(type).GetMethod(nameof(Formatter<>.Write))!);
            }
        }

        il.Emit(OpCodes.Ret);
        return method.CreateDelegate<TDelegate>();
    }

    /// <summary>The same for reading.</summary>
    public static TDelegate CompileRead<TDelegate>(FieldPlan plan)
        where TDelegate : Delegate
    {
        if (!RuntimeFeature.IsDynamicCodeSupported)
        {
            return FieldReflection.Reader<TDelegate>(plan);
        }

        var method = NewMethod("ReadFields", typeof(TDelegate), plan);
        var il = method.GetILGenerator();
        foreach (var field in plan.Fields)
        {
            var type = LocationType(field);
            il.Emit(OpCodes.Ldarg_1);
            if (Direct.TryGetValue(CodedType(type), out var direct))
            {
                il.Emit(OpCodes.Ldarg_0);
                il.Emit(OpCodes.Call, direct.Read);
            }
            else
            {
                il.Emit(OpCodes.Ldsfld, InstanceField(type));
                il.Emit(OpCodes.Ldarg_0);
                il.Emit(OpCodes.Callvirt, typeof(Formatter<>).MakeGenericType(type).GetMethod(nameof(Formatter<>.Read))!);
            }

            il.Emit(OpCodes.Stfld, field);
        }

        il.Emit(OpCodes.Ret);
        return method.CreateDelegate<TDelegate>();
    }

    /// <summary>Runs the type initializers of the fields' formatters, so that the compiled code may take them for constants.</summary>
    public static void Prepare(FieldPlan plan)
    {
        foreach (var field in plan.Fields)
        {
            RuntimeHelpers.RunClassConstructor(InstanceField(LocationType(field)).DeclaringType!.TypeHandle);
        }
    }

    public static Formatter FormatterOf(FieldInfo field) => FormatterIndex.Of(LocationType(field));

    private static DynamicMethod NewMethod(string name, Type delegateType, FieldPlan plan)
    {
        var parameters = Array.ConvertAll(delegateType.GetMethod("Invoke")!.GetParameters(), p => p.ParameterType);
        return new DynamicMethod($"{name}({plan.Type.Name})", typeof(void), parameters, plan.Type.Module, skipVisibility: true);
    }

    /// <summary>Pointers are refused like addresses in integers.</summary>
    private static Type LocationType(FieldInfo field) =>
        field.FieldType.IsPointer || field.FieldType.IsFunctionPointer ? typeof(IntPtr) : field.FieldType;

    private static Type CodedType(Type type) => type.IsEnum ? Enum.GetUnderlyingType(type) : type;

    private static Dictionary<Type, (MethodInfo Write, MethodInfo Read)> FindDirect()
    {
        var direct = Primitives.ToDictionary(
            e => e.Key, e => (typeof(PayloadWriter).GetMethod("Write" + e.Value)!, typeof(PayloadReader).GetMethod("Read" + e.Value)!));
        direct.Add(typeof(DateTime), (Static(typeof(TimeCoding), nameof(TimeCoding.WriteDateTime)), Static(typeof(TimeCoding), nameof(TimeCoding.ReadDateTime))));
        direct.Add(typeof(decimal), (Static(typeof(NumberCoding), nameof(NumberCoding.WriteDecimal)), Static(typeof(NumberCoding), nameof(NumberCoding.ReadDecimal))));
        return direct;

        static MethodInfo Static(Type holder, string name) => holder.GetMethod(name)!;
    }

    private static FieldInfo InstanceField(Type type) =>
        typeof(Formatters<>).MakeGenericType(type).GetField(nameof(Formatters<>.Instance))!;
}
