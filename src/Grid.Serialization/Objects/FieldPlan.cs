using System.Reflection;
using System.Text;

namespace Grid.Serialization;

/// <summary>
/// The fields of a type that travel: all instance fields, private and inherited ones too, the base type's first, except those marked
/// <see cref="NonSerializedAttribute"/>. Fields that a host assembly declares may differ between patch versions, so a fingerprint of their names and types goes along.
/// </summary>
internal sealed class FieldPlan
{
    private const BindingFlags Declared = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private bool? _holdsLeavesOnly;

    /// <summary>Lists the fields.</summary>
    /// <param name="type">The type.</param>
    /// <param name="until">The base type whose fields, and those of its bases, are left out.</param>
    public FieldPlan(Type type, Type? until = null)
    {
        var fields = new List<FieldInfo>();
        for (var level = type; level is not null && level != until && level != typeof(object) && level != typeof(ValueType); level = level.BaseType)
        {
            fields.InsertRange(0, level.GetFields(Declared).Where(f => !f.IsDefined(typeof(NonSerializedAttribute), inherit: false)).OrderBy(f => f.MetadataToken));
        }

        Type = type;
        Fields = fields;
        Fingerprint = FingerprintOf(fields.Where(f => LoadedModuleCatalog.IsHost(f.DeclaringType!.Assembly)));
    }

    public Type Type { get; }

    public IReadOnlyList<FieldInfo> Fields { get; }

    /// <summary>Whether no field can lead to an object with an identity. Asked only after the plan is complete, as it touches the fields' formatters.</summary>
    public bool HoldsLeavesOnly => _holdsLeavesOnly ??= Fields.All(f => FieldCompiler.FormatterOf(f).IsLeaf);

    /// <summary>Of the fields that host assemblies declare; <see langword="null"/> when there are none.</summary>
    public uint? Fingerprint { get; }

    /// <summary>The elements of the array that an object is on the wire.</summary>
    public int Count => Fields.Count + (Fingerprint is null ? 0 : 1);

    public IEnumerable<PathStep> StepsOf(object value)
    {
        foreach (var field in Fields)
        {
            if (!PrimitiveBlock.Fits(field.FieldType))
            {
                yield return PathStep.Field(field.DeclaringType!, field.Name, AddressOf(field.GetValue(value)));
            }
        }
    }

    public void WriteHeader(ref PayloadWriter writer)
    {
        writer.WriteArrayHeader(Count);
        if (Fingerprint is { } fingerprint)
        {
            writer.WriteUInt32(fingerprint);
        }
    }

    public void ReadHeader(ref PayloadReader reader)
    {
        reader.ReadArrayHeaderOf(Count);
        if (Fingerprint is { } expected && reader.ReadUInt32() != expected)
        {
            throw new CodeShippingException(
                $"Type {TypeNaming.Friendly(Type)} has other fields on this node than on the sender; run the same .NET version on client and workers.");
        }
    }

    /// <summary>Reflection boxes pointers in a way of its own; the writer sees their addresses.</summary>
    public static unsafe object? AddressOf(object? value) => value is Pointer pointer ? (IntPtr)Pointer.Unbox(pointer) : value;

    /// <summary>FNV-1a (http://www.isthe.com/chongo/tech/comp/fnv/) over names and types.</summary>
    private static uint? FingerprintOf(IEnumerable<FieldInfo> fields)
    {
        uint? hash = null;
        foreach (var field in fields)
        {
            hash ??= 2166136261;
            foreach (var part in Encoding.UTF8.GetBytes($"{field.Name}:{field.FieldType.Namespace}.{field.FieldType.Name};"))
            {
                hash = (hash.Value ^ part) * 16777619;
            }
        }

        return hash;
    }
}
