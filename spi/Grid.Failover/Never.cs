using Grid.Spi;

namespace Grid.Failover;

/// <summary>Tries no job again: callers see the first failure and decide themselves.</summary>
public sealed class Never : IFailoverSpi
{
    /// <inheritdoc/>
    public bool RetriesExceptions => false;

    /// <inheritdoc/>
    public FailoverDecision Decide(FailoverRequest request) => FailoverDecision.GiveUp;
}
