using Grid.Spi;

namespace Grid.Failover;

/// <summary>
/// Tries every job again that was lost or refused: at once while there is a node that has not failed it, and after a pause when all have. What a job throws goes to its caller.
/// </summary>
/// <remarks>
/// The pause is drawn evenly between zero and the base times two to the power of the attempts so far, at most the bound ("full jitter": M. Brooker, "Exponential Backoff And Jitter", 2015), so that many
/// jobs which failed together do not come back together.
/// </remarks>
public sealed class Always : IFailoverSpi
{
    private readonly BackOff _backOff;

    /// <summary>Makes the provider.</summary>
    /// <param name="seed">Where the draws begin; give each node another.</param>
    /// <param name="backOff">The base of the pause: above zero to 1 minute, default 50 ms.</param>
    /// <param name="backOffMax">The longest pause: the base to 1 hour, default 3.2 s.</param>
    /// <exception cref="ArgumentOutOfRangeException">A pause is out of its range.</exception>
    public Always(int seed, TimeSpan? backOff = null, TimeSpan? backOffMax = null) => _backOff = new BackOff(seed, backOff, backOffMax);

    /// <inheritdoc/>
    public bool RetriesExceptions => false;

    /// <inheritdoc/>
    public FailoverDecision Decide(FailoverRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.Failure == AttemptFailureKind.Threw ? FailoverDecision.GiveUp : _backOff.Retry(request);
    }
}
