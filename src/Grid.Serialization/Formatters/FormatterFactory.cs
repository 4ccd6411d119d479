using System.Reflection;
using System.Runtime.CompilerServices;

namespace Grid.Serialization;

/// <summary>Chooses the formatter of a type, the most specific rule first.</summary>
internal static class FormatterFactory
{
    public static Formatter Create(Type type)
    {
        if (BuiltInFormatters.Create(type) is { } builtIn)
        {
            return builtIn;
        }

        if (Refusals.ReasonFor(type) is { } reason)
        {
            return Make(typeof(RefusedFormatter<>), [type], reason);
        }

        return CreateConstructed(type) ?? FamilyFormatters.Create(type) ?? GenericFormatters.Create(type) ?? CreateFromFields(type);
    }

    private static Formatter? CreateConstructed(Type type)
    {
        if (type.IsEnum)
        {
            return Make(typeof(EnumFormatter<,>), [type, Enum.GetUnderlyingType(type)]);
        }

        if (type.IsArray)
        {
            return CreateArray(type, type.GetElementType()!);
        }

        return typeof(Delegate).IsAssignableFrom(type) && !type.IsAbstract && type != typeof(MulticastDelegate) ? Make(typeof(DelegateFormatter<>), [type]) : null;
    }

    private static Formatter CreateArray(Type type, Type element)
    {
        if (element.IsPointer || element.IsFunctionPointer)
        {
            return Make(typeof(RefusedFormatter<>), [type], "its elements are addresses in this process");
        }

        if (!type.IsSZArray)
        {
            return Make(typeof(RectangularArrayFormatter<,>), [type, element]);
        }

        return Make(PrimitiveBlock.Fits(element) ? typeof(BlockArrayFormatter<>) : typeof(ArrayFormatter<>), [element]);
    }

    private static Formatter CreateFromFields(Type type)
    {
        if (type.IsInterface || type.IsAbstract)
        {
            return Make(typeof(PolymorphicFormatter<>), [type]);
        }

        if (!type.IsValueType)
        {
            return Make(typeof(FieldsFormatter<>), [type]);
        }

        var isInlineArray = type.IsDefined(typeof(InlineArrayAttribute), inherit: false);
        var isFixedBuffer = type.IsDefined(typeof(UnsafeValueTypeAttribute), inherit: false);
        const BindingFlags Fields = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public;
        return isInlineArray || isFixedBuffer
            ? Make(typeof(InlineArrayFormatter<,>), [type, type.GetFields(Fields)[0].FieldType])
            : Make(typeof(StructFormatter<>), [type]);
    }

    private static Formatter Make(Type definition, Type[] arguments, params object[] parameters) =>
        (Formatter)Activator.CreateInstance(definition.MakeGenericType(arguments), parameters)!;
}
