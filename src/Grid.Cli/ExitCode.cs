namespace Grid.Cli;

/// <summary>What the process returns. The numbers are documented: scripts rely on them.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>The job, or what was asked for, failed.</summary>
    public const int Failed = 1;

    /// <summary>The command line or the configuration cannot be used.</summary>
    public const int Usage = 2;

    /// <summary>No cluster could be reached.</summary>
    public const int NoCluster = 3;
}
