using Grid.Collision.Lines;
using Grid.Spi;

namespace Grid.Collision;

/// <summary>
/// The most urgent job first, where waiting makes urgent: after a wait w, a job of <see cref="JobOptions.Priority"/> p counts as p + w / <see cref="PriorityOptions.Step"/>.
/// </summary>
/// <remarks>
/// All that wait gain at the same rate, so their order never changes: it is that of arrival − p · Step, which is fixed when a job comes. That makes it a heap, with no pass over the
/// jobs to raise them. It costs a logarithm of the jobs that wait: a tenth of a microsecond for a thousand.
/// </remarks>
public sealed class Priority : ICollisionSpi
{
    private readonly DemandLines _lines;

    /// <summary>Makes the provider of one node.</summary>
    /// <param name="options">How it weighs.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public Priority(PriorityOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Step, TimeSpan.FromMilliseconds(1));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Step, TimeSpan.FromHours(1));
        var step = options.Step.Ticks;
        _lines = new DemandLines(() => new RankedLine(job => job.ArrivedAt.Ticks - (job.Priority * step)));
    }

    /// <inheritdoc/>
    public void OnArrived(IWaitingJob job)
    {
        ArgumentNullException.ThrowIfNull(job);
        _lines.Add(job);
    }

    /// <inheritdoc/>
    public CollisionDecision Next(IAdmissionRoom room) => _lines.TakeFirst(room) is { } job ? CollisionDecision.Activate(job) : CollisionDecision.Defer;

    /// <inheritdoc/>
    public void OnWithdrawn(IWaitingJob job) => _lines.OnWithdrawn();
}
