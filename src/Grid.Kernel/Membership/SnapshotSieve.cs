using System.Collections.Immutable;
using Grid.Spi;

namespace Grid.Kernel.Membership;

/// <summary>
/// Takes the members of a snapshot that can be used: records that no provider should have let through are quarantined
/// with a reason instead of breaking the view, and of two registrations with the same id or name the later one counts.
/// </summary>
internal static class SnapshotSieve
{
    private const int NameCharsMax = 128;

    /// <summary>Sieves a snapshot. The result depends on the snapshot alone, so all nodes that see it agree.</summary>
    public static Result Sieve(DiscoverySnapshot snapshot)
    {
        var byId = new Dictionary<NodeId, NodeInfo>(snapshot.Members.Length);
        var byName = new Dictionary<string, NodeInfo>(snapshot.Members.Length, StringComparer.Ordinal);
        var quarantined = ImmutableArray.CreateBuilder<string>();
        foreach (var member in snapshot.Members)
        {
            if (FindFault(member) is { } fault)
            {
                quarantined.Add($"{(member is null ? "a record" : Describe(member))}: {fault}");
            }
            else if (!byId.TryGetValue(member.Id, out var known) || IsLater(member, known))
            {
                byId[member.Id] = member;
            }
        }

        foreach (var member in byId.Values)
        {
            if (!byName.TryGetValue(member.Name, out var known) || IsLater(member, known))
            {
                byName[member.Name] = member;
            }
        }

        return new Result(byName, quarantined.ToImmutable());
    }

    private static bool IsLater(NodeInfo left, NodeInfo right) =>
        (left.JoinOrder, left.Incarnation, left.Id).CompareTo((right.JoinOrder, right.Incarnation, right.Id)) > 0;

    private static string? FindFault(NodeInfo? member) => member switch
    {
        null => "is null",
        { Name: null or { Length: 0 or > NameCharsMax } } => $"its name is not 1 to {NameCharsMax} characters long",
        { Incarnation: < 1 } => "its incarnation is below 1",
        { JoinOrder: < 1 } => "the registry gave it no join order",
        { Slots: < 0 } => "its number of slots is negative",
        { State: < NodeState.Available or > NodeState.Leaving } => $"its state {(int)member.State} is unknown",
        { Protocol: { Oldest: < 1 } } => "its oldest protocol version is below 1",
        { Attributes: null } => "it has no attribute set",
        { Endpoints.IsDefault: true } => "it has no endpoint list",
        _ when member.Protocol.Newest < member.Protocol.Oldest => "its newest protocol version is below the oldest",
        _ when member.Endpoints.Any(endpoint => endpoint is null) => "one of its endpoints is null",
        _ => null,
    };

    private static string Describe(NodeInfo member) =>
        member.Name is { Length: > 0 and <= NameCharsMax } name ? $"{name} ({member.Key})" : member.Key.ToString();

    /// <summary>What the sieve let through.</summary>
    /// <param name="ByName">The members; no two share an id.</param>
    /// <param name="Quarantined">What it held back and why.</param>
    internal readonly record struct Result(IReadOnlyDictionary<string, NodeInfo> ByName, ImmutableArray<string> Quarantined);
}
