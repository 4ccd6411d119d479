namespace Grid.Spi;

/// <summary>
/// What a discovery provider implements beside <see cref="IDiscoverySpi"/> when it can keep the metrics of members in their records. It is used
/// only when the configuration says so (<c>Grid:Metrics:Exchange = Discovery</c>); otherwise nothing periodic is written to the registry.
/// </summary>
/// <remarks>
/// <para><b>Who calls it, and when.</b> The node that runs the provider, once per period of at least five seconds, after the start and before the stop: members write and read, clients read.</para>
/// <para><b>Concurrency.</b> The two methods overlap each other and everything else; neither overlaps itself.</para>
/// <para><b>Blocking.</b> Neither blocks. <b>Failure.</b> A <see cref="GridException"/>; the next period tries again.</para>
/// <para><b>Effect.</b> Metrics are no part of the membership: writing them changes no snapshot, moves no version and wakes no watch. They go
/// with the membership that wrote them.</para>
/// </remarks>
public interface IMemberMetricsSpi
{
    /// <summary>The greatest size of a member's metrics, in bytes: 4 KiB.</summary>
    const int MetricsBytesMax = 4 * 1024;

    /// <summary>Replaces the metrics in the local node's record.</summary>
    /// <param name="metrics">Bytes that mean nothing to the provider, at most <see cref="MetricsBytesMax"/>; not changed until the task has ended.</param>
    /// <param name="ct">Gives up; they may have been written.</param>
    /// <exception cref="InvalidOperationException">The local node is a client, or its membership is lost.</exception>
    Task WriteMetricsAsync(ReadOnlyMemory<byte> metrics, CancellationToken ct);

    /// <summary>The metrics of all members that have written any, as the registry holds them now.</summary>
    /// <param name="ct">Gives up.</param>
    Task<IReadOnlyList<MemberMetrics>> ReadMetricsAsync(CancellationToken ct);
}
