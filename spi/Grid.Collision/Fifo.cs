using Grid.Collision.Lines;
using Grid.Spi;

namespace Grid.Collision;

/// <summary>
/// First come, first served; the default. A job that waits for a resource lets those pass that need none of its resources.
/// </summary>
/// <remarks>Costs tens of nanoseconds per job, however many wait.</remarks>
public sealed class Fifo : ICollisionSpi
{
    private readonly DemandLines _lines = new(static () => new ArrivalLine());

    /// <inheritdoc/>
    public void OnArrived(IWaitingJob job) => _lines.Add(job);

    /// <inheritdoc/>
    public CollisionDecision Next(IAdmissionRoom room) => _lines.TakeFirst(room) is { } job ? CollisionDecision.Activate(job) : CollisionDecision.Defer;

    /// <inheritdoc/>
    public void OnWithdrawn(IWaitingJob job) => _lines.OnWithdrawn();
}
