using System.Collections.Immutable;
using Grid.Serialization;

namespace Grid.Kernel.Deployment.Origin;

/// <summary>The modules that the payloads of one job name; compared by content.</summary>
internal readonly struct ModuleList(ImmutableArray<ModuleId> ids) : IEquatable<ModuleList>
{
    public ImmutableArray<ModuleId> Ids { get; } = ids;

    public static ModuleList Of(PayloadModules first, PayloadModules second)
    {
        var ids = ImmutableArray.CreateBuilder<ModuleId>(first.Count + second.Count);
        for (var i = 0; i < first.Count; i++)
        {
            ids.Add(first[i]);
        }

        for (var i = 0; i < second.Count; i++)
        {
            if (!ids.Contains(second[i]))
            {
                ids.Add(second[i]);
            }
        }

        return new ModuleList(ids.ToImmutable());
    }

    public bool Equals(ModuleList other) => Ids.AsSpan().SequenceEqual(other.Ids.AsSpan());

    public override bool Equals(object? obj) => obj is ModuleList other && Equals(other);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var id in Ids)
        {
            hash.Add(id);
        }

        return hash.ToHashCode();
    }
}
