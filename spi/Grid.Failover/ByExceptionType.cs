using Grid.Spi;

namespace Grid.Failover;

/// <summary>
/// Like <see cref="Always"/>, and tries jobs again that threw certain exceptions. Of the thrown type and its base types the most derived one that is listed decides, so a base type
/// can be retried and one derived from it not, or the other way round; what is not listed goes to the caller.
/// </summary>
public sealed class ByExceptionType : IFailoverSpi
{
    private readonly HashSet<string> _retried;
    private readonly HashSet<string> _given;
    private readonly BackOff _backOff;

    /// <summary>Makes the provider.</summary>
    /// <param name="seed">Where the draws of the pauses begin; give each node another.</param>
    /// <param name="retried">Full names of exception types, such as <c>System.IO.IOException</c>, whose jobs are tried again.</param>
    /// <param name="given">Full names of exception types that go to the caller. A name in both lists throws <see cref="ArgumentException"/>.</param>
    /// <param name="backOff">As for <see cref="Always"/>.</param>
    /// <param name="backOffMax">As for <see cref="Always"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A pause is out of its range.</exception>
    public ByExceptionType(int seed, IEnumerable<string> retried, IEnumerable<string> given, TimeSpan? backOff = null, TimeSpan? backOffMax = null)
    {
        _retried = new HashSet<string>(retried, StringComparer.Ordinal);
        _given = new HashSet<string>(given, StringComparer.Ordinal);
        if (_retried.FirstOrDefault(_given.Contains) is { } both)
        {
            throw new ArgumentException($"{both} is listed both to be tried again and not to be. Leave it in one list.", nameof(given));
        }

        _backOff = new BackOff(seed, backOff, backOffMax);
    }

    /// <inheritdoc/>
    public bool RetriesExceptions => _retried.Count > 0;

    /// <inheritdoc/>
    public FailoverDecision Decide(FailoverRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Failure != AttemptFailureKind.Threw)
        {
            return _backOff.Retry(request);
        }

        var listed = request.ExceptionTypes.FirstOrDefault(type => _retried.Contains(type) || _given.Contains(type));
        return listed is not null && _retried.Contains(listed) ? _backOff.Retry(request) : FailoverDecision.GiveUp;
    }
}
