using Microsoft.Extensions.Logging;

namespace Grid;

/// <summary>How a job is to be run. Immutable; derive variants with <c>with</c>.</summary>
public sealed record JobOptions
{
    private readonly int? _maxAttempts;
    private readonly TimeSpan? _timeout;

    /// <summary>The defaults.</summary>
    public static JobOptions Default { get; } = new();

    /// <summary>A name for logs and listings, of which they show 128 characters; by default the method's.</summary>
    public string? Name { get; init; }

    /// <summary>
    /// How long the caller waits at most, retries included; above zero. The deadline travels with the job and bounds
    /// what the job itself submits. <see langword="null"/> (default): as long as it takes.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Zero or negative.</exception>
    public TimeSpan? Timeout
    {
        get => _timeout;
        init
        {
            if (value is { } timeout)
            {
                ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(timeout, TimeSpan.Zero, nameof(Timeout));
            }

            _timeout = value;
        }
    }

    /// <summary>
    /// How often a job is tried on nodes that are lost or reject it: 1 to 100. When it is not set it shows 5, and <c>Grid:Failover:MaxAttempts</c> of the submitting node decides, whose default that is.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside the range.</exception>
    public int MaxAttempts
    {
        get => _maxAttempts ?? 5;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(MaxAttempts));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 100, nameof(MaxAttempts));
            _maxAttempts = value;
        }
    }

    /// <summary>What <see cref="MaxAttempts"/> was set to; null when it was not.</summary>
    internal int? OwnMaxAttempts => _maxAttempts;

    /// <summary>
    /// Jobs with equal keys go to the same node while it is there and not overloaded, if the load balancer heeds it (ConsistentHash does): for nodes that keep
    /// something between jobs. Compared ordinally; it does not travel. <see langword="null"/> (default): any node.
    /// </summary>
    public string? AffinityKey { get; init; }

    /// <summary>
    /// Whether running the job twice does no harm (default). When <see langword="false"/>, a job that may have started on a lost node
    /// is not run again; the caller gets <see cref="NodeLostException"/> instead.
    /// </summary>
    public bool IsIdempotent { get; init; } = true;

    /// <summary>
    /// Whether jobs of <c>MapAsync</c>, <c>MapReduceAsync</c>, <c>StreamAsync</c> and <c>ExecuteAsync</c> that take much longer than their siblings get a second attempt on another node; it needs
    /// <see cref="IsIdempotent"/>. <see langword="null"/> (default): never.
    /// </summary>
    public Speculation? Speculate { get; init; }

    /// <summary>With whom the job shares its loaded code, and so its static fields, on the node that runs it: default <see cref="CodeIsolation.Shared"/>.</summary>
    public CodeIsolation Isolation { get; init; }

    /// <summary>
    /// Lines of <see cref="IJobContext.Logger"/> of at least this level are also sent to the caller, see <see cref="IJobHandle{TResult}.LogAsync"/>. Default
    /// <see cref="LogLevel.None"/>: they stay on the node. A job that logs faster than 1,000 lines a second loses lines on the way, never on the node.
    /// </summary>
    public LogLevel LogToCaller { get; init; } = LogLevel.None;
}
