namespace Grid.Cli;

/// <summary>One thing that <c>grid doctor</c> looked at.</summary>
/// <param name="Result">How it is.</param>
/// <param name="Subject">What was looked at.</param>
/// <param name="Fact">What was found, in a few words.</param>
/// <param name="Advice">What to do; null when all is well.</param>
internal sealed record Finding(FindingResult Result, string Subject, string Fact, string? Advice = null);
