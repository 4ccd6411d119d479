using Microsoft.Extensions.Logging;

namespace Grid;

/// <summary>How a job is to be run. Immutable; derive variants with <c>with</c>.</summary>
public sealed record JobOptions
{
    private readonly int? _maxAttempts;
    private readonly TimeSpan? _timeout;
    private readonly int _priority;
    private readonly string? _pool;
    private readonly string? _tenant;
    private readonly ResourceAmounts _resources = ResourceAmounts.None;

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

    /// <summary>The lowest <see cref="Priority"/>.</summary>
    public const int PriorityMin = -1000;

    /// <summary>The highest <see cref="Priority"/>.</summary>
    public const int PriorityMax = 1000;

    /// <summary>How long <see cref="Pool"/> and <see cref="Tenant"/> may be, in characters.</summary>
    public const int ShareNameCharsMax = 64;

    /// <summary>
    /// How urgent the job is among those that wait for a slot of a node: <see cref="PriorityMin"/> to <see cref="PriorityMax"/>, more goes first, default 0. Only the collision provider
    /// <c>Priority</c> heeds it. A job that runs is never interrupted for another.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside the range.</exception>
    public int Priority
    {
        get => _priority;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, PriorityMin, nameof(Priority));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, PriorityMax, nameof(Priority));
            _priority = value;
        }
    }

    /// <summary>The kind of work that the job belongs to, such as <c>interactive</c> or <c>nightly</c>; at most 64 characters. The collision provider <c>FairShare</c> can divide slots by it.</summary>
    /// <exception cref="ArgumentException">Too long.</exception>
    public string? Pool
    {
        get => _pool;
        init => _pool = CheckShareName(value, nameof(Pool));
    }

    /// <summary>On whose behalf the job runs, such as a customer or a department; at most 64 characters. The collision provider <c>FairShare</c> divides slots by it.</summary>
    /// <exception cref="ArgumentException">Too long.</exception>
    public string? Tenant
    {
        get => _tenant;
        init => _tenant = CheckShareName(value, nameof(Tenant));
    }

    /// <summary>
    /// What the job needs of a node's resources (<c>Grid:Node:Resources</c>) from its start to its end, also while it waits for nested work; none by default. It is sent only to nodes that have as much
    /// at all, and waits there until as much is free.
    /// </summary>
    public ResourceAmounts Resources
    {
        get => _resources;
        init
        {
            ArgumentNullException.ThrowIfNull(value, nameof(Resources));
            _resources = value;
        }
    }

    private static string? CheckShareName(string? name, string parameter) => name is { Length: > ShareNameCharsMax }
        ? throw new ArgumentException($"The name has {name.Length} characters; at most {ShareNameCharsMax} are accepted.", parameter)
        : name;
}
