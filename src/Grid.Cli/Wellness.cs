namespace Grid.Cli;

/// <summary>How a worker stands, put together from what it and the others say.</summary>
internal static class Wellness
{
    /// <summary>One word: the worst that is known, or the member's own state.</summary>
    public static string StateOf(SurveyedNode node, IReadOnlyList<SurveyedNode> all) =>
        node.Error is not null ? "silent"
        : all.Any(other => IsSuspectFor(other, node.Node)) ? "suspect"
        : node.Node.State == NodeState.Available && node.Report?.Metrics?.Starvation is not (null or NodeStarvation.None) ? "starved"
        : node.Node.State.ToString().ToLowerInvariant();

    /// <summary>What the workers say against each other and themselves, one sentence each.</summary>
    public static IEnumerable<string> Complaints(IReadOnlyList<SurveyedNode> all) =>
        from witness in all
        from unwell in witness.Report?.Unwell ?? []
        where unwell.Condition is NodeCondition.Suspect || (unwell.Condition == NodeCondition.Starved && unwell.Id == witness.Node.Id)
        select unwell.Condition == NodeCondition.Suspect ? $"{unwell.Name}, seen from {witness.Node.Name}, {unwell.Reason}" : $"{unwell.Name} {unwell.Reason}";

    private static bool IsSuspectFor(SurveyedNode witness, NodeInfo node) =>
        witness.Report?.Unwell.Any(unwell => unwell.Id == node.Id && unwell.Condition == NodeCondition.Suspect) == true;
}
