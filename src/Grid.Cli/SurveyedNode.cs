namespace Grid.Cli;

/// <summary>What a member answered.</summary>
/// <param name="Node">The member.</param>
/// <param name="Report">Its answer; null when there is none.</param>
/// <param name="Error">Why there is none.</param>
/// <param name="Elapsed">How long it took.</param>
/// <param name="EndedAt">When it was there, by the clock of this machine.</param>
internal sealed record SurveyedNode(NodeInfo Node, NodeReport? Report, GridException? Error, TimeSpan Elapsed, DateTimeOffset EndedAt)
{
    /// <summary>How far the member's clock is ahead of this machine's at least. It was read while the answer was under way, nobody knows when: what that explains is no difference.</summary>
    public TimeSpan ClockAhead
    {
        get
        {
            var ahead = Report is { } report ? report.Clock - EndedAt : TimeSpan.Zero;
            return ahead > TimeSpan.Zero ? ahead : ahead + Elapsed < TimeSpan.Zero ? ahead + Elapsed : TimeSpan.Zero;
        }
    }
}
