namespace Grid.Kernel.Health;

/// <summary>What the flight recorder says of changes of the membership.</summary>
internal static class MembershipEvents
{
    /// <summary>The event for a change, or null for one that is not worth a line.</summary>
    /// <param name="change">The change; its node is not null.</param>
    /// <param name="known">How the node stood before.</param>
    public static (NodeEventKind Kind, string Text)? Describe(TopologyChange change, NodeHealth known)
    {
        var node = change.Node!;
        return change.Kind switch
        {
            TopologyChangeKind.Joined => (NodeEventKind.Joined, $"{node} joined"),
            TopologyChangeKind.Restarted => (NodeEventKind.Restarted, $"{node} takes the place of {change.Previous}"),
            TopologyChangeKind.Left => (NodeEventKind.Left, $"{node} left on purpose"),
            TopologyChangeKind.Failed => (NodeEventKind.Failed, $"{node} was removed: the registry no longer lists it. {(known.Condition == NodeCondition.Suspect ? $"Seen from here before: it {known.Reason}" : "Seen from here it could be reached")}"),
            TopologyChangeKind.StateChanged => (NodeEventKind.StateChanged, $"{node.Name} is {node.State.ToString().ToLowerInvariant()}"),
            _ => null,
        };
    }
}
