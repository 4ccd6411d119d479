using System.Globalization;
using System.Net;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;

namespace Grid.Serialization;

/// <summary>Families of immutable host types: their derived types are internal to .NET, so all of a family are coded alike.</summary>
internal static class FamilyFormatters
{
    /// <summary>Makes the formatter of a type that belongs to a family; <see langword="null"/> for any other.</summary>
    public static Formatter? Create(Type type)
    {
        if (typeof(Exception).IsAssignableFrom(type))
        {
            return Make<Exception>(type, ExceptionCoding.Write, ExceptionCoding.Read);
        }

        if (!LoadedModuleCatalog.IsHost(type.Assembly))
        {
            return null;
        }

        return CreateReflection(type) ?? CreateText(type);
    }

    private static Formatter? CreateReflection(Type type) => type switch
    {
        _ when Is<Type>(type) => Make<Type>(type, WriteType, ReadType),
        _ when Is<MethodInfo>(type) => Make<MethodInfo>(type, static (ref w, v) => WriteMethod(ref w, v), ReadMethod<MethodInfo>),
        _ when Is<ConstructorInfo>(type) => Make<ConstructorInfo>(type, static (ref w, v) => WriteMethod(ref w, v), ReadMethod<ConstructorInfo>),
        _ => null,
    };

    private static Formatter? CreateText(Type type) => type switch
    {
        _ when Is<Uri>(type) => Make<Uri>(type, static (ref w, v) => w.WriteString(v.OriginalString), static (ref r) => new Uri(Text(ref r), UriKind.RelativeOrAbsolute)),
        _ when Is<Version>(type) => Make<Version>(type, static (ref w, v) => w.WriteString(v.ToString()), static (ref r) => Version.Parse(Text(ref r))),
        _ when Is<CultureInfo>(type) => Make<CultureInfo>(type, CultureCoding.Write, CultureCoding.Read),
        _ when Is<CompareInfo>(type) => Make<CompareInfo>(type, static (ref w, v) => w.WriteString(v.Name), static (ref r) => CompareInfo.GetCompareInfo(Text(ref r))),
        _ when Is<Encoding>(type) => Make<Encoding>(type, EncodingCoding.Write, EncodingCoding.Read),
        _ when Is<Regex>(type) => Make<Regex>(type, WriteRegex, ReadRegex),
        _ when Is<StringComparer>(type) => Make<StringComparer>(type, StringComparerCoding.Write, StringComparerCoding.Read),
        _ when Is<TimeZoneInfo>(type) => Make<TimeZoneInfo>(
            type, static (ref w, v) => w.WriteString(v.ToSerializedString()), static (ref r) => TimeZoneInfo.FromSerializedString(Text(ref r))),
        _ when Is<IPAddress>(type) => Make<IPAddress>(type, static (ref w, v) => w.WriteString(v.ToString()), static (ref r) => IPAddress.Parse(Text(ref r))),
        _ when Is<ReferenceEqualityComparer>(type) => Make<ReferenceEqualityComparer>(
            type, static (ref w, _) => w.WriteBoolean(true), static (ref r) => r.ReadBoolean() ? ReferenceEqualityComparer.Instance : null!),
        _ => null,
    };

    private static bool Is<TFamily>(Type type) => typeof(TFamily).IsAssignableFrom(type);

    private static Formatter Make<TFamily>(Type type, WriteValue<TFamily> write, ReadValue<TFamily> read)
        where TFamily : class =>
        (Formatter)Activator.CreateInstance(typeof(FamilyFormatter<,>).MakeGenericType(type, typeof(TFamily)), write, read)!;

    private static string Text(ref PayloadReader reader) =>
        reader.ReadString() ?? throw new MalformedPayloadException($"At byte {reader.Position} of the payload a text is missing.");

    private static void WriteType(ref PayloadWriter writer, Type value)
    {
        if (value.IsGenericParameter)
        {
            throw new ShipmentRefusal(value, $"{value.Name} is a type parameter, which has no name outside its declaration");
        }

        writer.WriteName(ExtensionCode.TypeValue, writer.State.Code.NameOf(value));
    }

    private static Type ReadType(ref PayloadReader reader) =>
        reader.State.Code.ResolveTypeValue(reader.ReadExtensionOf(ExtensionCode.TypeValue), reader.Modules);

    private static void WriteMethod(ref PayloadWriter writer, MethodBase value)
    {
        if (value.DeclaringType is null || value.ContainsGenericParameters)
        {
            throw new ShipmentRefusal(value, "the method was made at run time or lacks type arguments");
        }

        writer.WriteName(ExtensionCode.Method, writer.State.Code.NameOf(value).Name);
    }

    private static T ReadMethod<T>(ref PayloadReader reader)
        where T : MethodBase =>
        reader.State.Code.ResolveMethod(reader.ReadExtensionOf(ExtensionCode.Method), reader.Modules).Method as T
        ?? throw new MalformedPayloadException($"The method that ends at byte {reader.Position} of the payload is not of the expected kind.");

    private static void WriteRegex(ref PayloadWriter writer, Regex value)
    {
        writer.WriteArrayHeader(3);
        writer.WriteString(value.ToString());
        writer.WriteInt32((int)value.Options);
        writer.WriteInt64(value.MatchTimeout.Ticks);
    }

    /// <summary>A regex that a source generator made is rebuilt from its pattern, which matches the same.</summary>
    private static Regex ReadRegex(ref PayloadReader reader)
    {
        reader.ReadArrayHeaderOf(3);
        var pattern = Text(ref reader);
        var options = (RegexOptions)reader.ReadInt32();
        return new Regex(pattern, options, new TimeSpan(reader.ReadInt64()));
    }
}
