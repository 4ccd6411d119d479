namespace Grid.Cli;

/// <summary>How something is that was looked at.</summary>
internal enum FindingResult
{
    Ok,

    /// <summary>It works, and should be seen to.</summary>
    Warning,

    Failure,
}
