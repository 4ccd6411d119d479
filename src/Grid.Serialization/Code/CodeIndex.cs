using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Grid.Serialization;

/// <summary>
/// Names of types and methods in both directions, for one catalog and as long as that lives. What is found stays found; the number of names kept
/// for the reading side is limited, beyond it they are looked up again each time.
/// </summary>
internal sealed class CodeIndex(IModuleCatalog catalog)
{
    private const int EntriesMax = 1 << 16;
    private const int KeyBytesMax = 512;

    private static readonly ConditionalWeakTable<IModuleCatalog, CodeIndex> Indexes = [];

    private readonly ConditionalWeakTable<Type, WireName> _typeNames = [];
    private readonly ConditionalWeakTable<MethodBase, ShippedMethod> _methodNames = [];
    private readonly ConcurrentDictionary<byte[], Formatter> _types = new(ByteKeyComparer.Instance);
    private readonly ConcurrentDictionary<byte[], ShippedMethod> _methods = new(ByteKeyComparer.Instance);

    public static CodeIndex Of(IModuleCatalog catalog) => Indexes.GetValue(catalog, static key => new CodeIndex(key));

    public WireName NameOf(Type type) =>
        _typeNames.TryGetValue(type, out var name) ? name : _typeNames.GetValue(type, key => NameBuilder.Build(key, catalog));

    public ShippedMethod NameOf(MethodBase method) =>
        _methodNames.TryGetValue(method, out var known)
            ? known
            : _methodNames.GetValue(method, key => new ShippedMethod(key, NameBuilder.Build(key, catalog)));

    public Formatter ResolveType(ReadOnlySpan<byte> name, ReadOnlySpan<byte> modules)
    {
        Span<byte> buffer = stackalloc byte[KeyBytesMax];
        var key = KeyOf(name, modules, buffer);
        if (_types.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(key, out var formatter))
        {
            return formatter;
        }

        var type = new NameParser(name, modules, catalog).ReadWholeType();
        if (type.ContainsGenericParameters || type.IsByRef || type.IsPointer || type.IsByRefLike || type == typeof(void))
        {
            throw new MalformedPayloadException($"The payload names {type}, which no value can have, as the type of a value.");
        }

        formatter = FormatterIndex.Of(type);
        if (_types.Count < EntriesMax && MayKeep(type))
        {
            _types.TryAdd(key.ToArray(), formatter);
        }

        return formatter;
    }

    public ShippedMethod ResolveMethod(ReadOnlySpan<byte> name, ReadOnlySpan<byte> modules)
    {
        Span<byte> buffer = stackalloc byte[KeyBytesMax];
        var key = KeyOf(name, modules, buffer);
        if (_methods.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(key, out var method))
        {
            return method;
        }

        method = NameOf(new NameParser(name, modules, catalog).ReadWholeMethod());
        if (_methods.Count < EntriesMax && MayKeep(method.Method))
        {
            _methods.TryAdd(key.ToArray(), method);
        }

        return method;
    }

    public Type ResolveTypeValue(ReadOnlySpan<byte> name, ReadOnlySpan<byte> modules) => new NameParser(name, modules, catalog).ReadWholeType();

    private bool MayKeep(MemberInfo member) => !member.IsCollectible || !catalog.OutlivesModules;

    /// <summary>The numbers of modules in a name mean something only beside the header's list.</summary>
    private static ReadOnlySpan<byte> KeyOf(ReadOnlySpan<byte> name, ReadOnlySpan<byte> modules, Span<byte> buffer)
    {
        var length = name.Length + modules.Length;
        var key = length <= buffer.Length ? buffer[..length] : new byte[length];
        name.CopyTo(key);
        modules.CopyTo(key[name.Length..]);
        return key;
    }
}
