namespace Grid.Cli.Jobs;

/// <summary>An argument and a result that is written as JSON.</summary>
public sealed record Point(int X, int Y);
