namespace Grid.Cluster.Tests;

/// <summary>How a worker process is started.</summary>
internal sealed record WorkerSettings
{
    public required string Name { get; init; }

    public required string ConnectString { get; init; }

    public required string Cluster { get; init; }

    public required TimeSpan SessionTimeout { get; init; }

    public string Listen { get; init; } = "127.0.0.1:0";

    /// <summary>The cluster's secret; empty for none.</summary>
    public string Secret { get; init; } = "";

    /// <summary>The network namespace to run in; empty for the test's own.</summary>
    public string Namespace { get; init; } = "";

    /// <summary>Whether it is a client: registers nothing, listens nowhere.</summary>
    public bool IsClient { get; init; }
}
