using System.Collections.Immutable;
using System.Globalization;

namespace Grid;

/// <summary>
/// The public record of one member: what it wrote about itself when it joined, plus the join order that the registry
/// gave it. Immutable; a change of state or attributes is a new record with the same <see cref="Key"/>.
/// </summary>
public sealed record NodeInfo
{
    private static readonly ImmutableSortedDictionary<string, string> NoAttributes = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>The process.</summary>
    public required NodeId Id { get; init; }

    /// <summary>1 for the first membership of the process, one more for each that follows a loss.</summary>
    public long Incarnation { get; init; } = 1;

    /// <summary>
    /// The configured name, 1 to 128 characters. Stable over restarts: a new process of the same name takes the place
    /// of the older one.
    /// </summary>
    public required string Name { get; init; }

    /// <summary>What the member says of itself.</summary>
    public NodeState State { get; init; } = NodeState.Available;

    /// <summary>The oldest and newest version of the wire protocol that the node speaks.</summary>
    public ProtocolRange Protocol { get; init; } = ProtocolRange.Current;

    /// <summary>Where the node accepts links, in order of preference. Empty for a client, which accepts none.</summary>
    public ImmutableArray<NodeEndpoint> Endpoints { get; init; } = [];

    /// <summary>How many jobs run at once on the node. 0 for a client, which runs none.</summary>
    public int Slots { get; init; }

    /// <summary>Free-form facts for placement, such as a zone. Keys are compared ordinally.</summary>
    public ImmutableSortedDictionary<string, string> Attributes { get; init; } = NoAttributes;

    /// <summary>What the key of an attribute begins with that says how much of a resource the node has: <c>resource.gpu</c> is <c>2</c>.</summary>
    public const string ResourcePrefix = "resource.";

    /// <summary>How much of a resource the node has in all; 0 when it says nothing of it.</summary>
    /// <param name="name">The resource; names are compared ordinally.</param>
    public int AmountOf(string name) =>
        Attributes.TryGetValue(ResourcePrefix + name, out var text) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var amount) ? amount : 0;

    /// <summary>
    /// Position in the order of joining: a later join has the greater number. Given by the registry; 0 until it did.
    /// </summary>
    public long JoinOrder { get; init; }

    /// <summary>The process and its membership together.</summary>
    public NodeKey Key => new(Id, Incarnation);

    /// <summary>Compares all fields; two attribute sets are equal when they hold the same pairs.</summary>
    public bool Equals(NodeInfo? other) =>
        ReferenceEquals(this, other)
        || (other is not null && Key == other.Key && JoinOrder == other.JoinOrder && HasSameContent(other));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Id, Incarnation, State, JoinOrder);

    /// <summary>Name, first digits of the id and incarnation: <c>worker-1 (5f3a09c2#1)</c>.</summary>
    public override string ToString() => $"{Name} ({Key})";

    private bool HasSameContent(NodeInfo other) =>
        State == other.State
        && Slots == other.Slots
        && Name == other.Name
        && Protocol == other.Protocol
        && Endpoints.AsSpan().SequenceEqual(other.Endpoints.AsSpan())
        && Attributes.SequenceEqual(other.Attributes);
}
