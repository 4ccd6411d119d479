using Grid.Spi;

namespace Grid.Testing;

/// <summary>A job of a <see cref="CollisionSimulation"/>.</summary>
/// <param name="number">Its number, from 1 in the order of arrival.</param>
/// <param name="options">What its submitter says of it.</param>
/// <param name="arrivedAt">When it came.</param>
public sealed class SimulatedJob(long number, JobOptions options, TimeSpan arrivedAt) : IWaitingJob
{
    /// <inheritdoc/>
    public JobId JobId { get; } = new(new NodeId(1), number);

    /// <inheritdoc/>
    public int Priority => options.Priority;

    /// <inheritdoc/>
    public string Pool => options.Pool ?? "";

    /// <inheritdoc/>
    public string Tenant => options.Tenant ?? "";

    /// <inheritdoc/>
    public ResourceAmounts Resources => options.Resources;

    /// <inheritdoc/>
    public TimeSpan ArrivedAt { get; } = arrivedAt;

    /// <inheritdoc/>
    public bool IsWithdrawn { get; internal set; }

    /// <inheritdoc/>
    public override string ToString() => $"job {JobId.Number} (priority {Priority}, pool '{Pool}', tenant '{Tenant}', needs '{Resources}')";
}
