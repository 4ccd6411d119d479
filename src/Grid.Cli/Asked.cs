namespace Grid.Cli;

/// <summary>A member's answer to a question.</summary>
/// <typeparam name="TAnswer">What was asked for.</typeparam>
/// <param name="Node">The member.</param>
/// <param name="Answer">Its answer; null when there is none.</param>
/// <param name="Error">Why there is none.</param>
/// <param name="Elapsed">How long it took.</param>
/// <param name="EndedAt">When it was there, by the clock of this machine.</param>
internal sealed record Asked<TAnswer>(NodeInfo Node, TAnswer? Answer, GridException? Error, TimeSpan Elapsed, DateTimeOffset EndedAt)
    where TAnswer : class;
