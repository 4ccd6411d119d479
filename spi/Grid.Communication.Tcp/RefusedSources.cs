namespace Grid.Communication.Tcp;

/// <summary>
/// Says whether a refusal is worth a line in the log: the first of a source address in a minute is. Of more sources than the table holds, as of a scan from
/// a whole network, the further ones share one line per minute.
/// </summary>
internal sealed class RefusedSources(TimeProvider time, int sourcesMax = 1024)
{
    private const string Further = "(further sources)";
    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _loggedAt = new(StringComparer.Ordinal);

    /// <summary>Whether to log now; the answer counts as done.</summary>
    /// <param name="source">The address without its port.</param>
    public bool ShouldLog(string source)
    {
        var now = time.GetTimestamp();
        lock (_gate)
        {
            if (!_loggedAt.ContainsKey(source) && _loggedAt.Count >= sourcesMax)
            {
                ForgetOldNeedsLock(now);
                source = _loggedAt.Count >= sourcesMax ? Further : source;
            }

            if (_loggedAt.TryGetValue(source, out var at) && time.GetElapsedTime(at, now) < Quiet)
            {
                return false;
            }

            _loggedAt[source] = now;
            return true;
        }
    }

    private void ForgetOldNeedsLock(long now)
    {
        foreach (var (source, at) in _loggedAt)
        {
            if (time.GetElapsedTime(at, now) >= Quiet)
            {
                _loggedAt.Remove(source);
            }
        }
    }
}
