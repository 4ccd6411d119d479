using System.Net;
using Grid.Messaging.Handshake;
using Microsoft.Extensions.Logging;

namespace Grid.Messaging.Links;

/// <summary>
/// Logs refused links, each source address once per minute, so that a stranger who knocks often cannot fill the disk. Of more sources than the table holds, as
/// of a scan from a whole network, the further ones share one line per minute.
/// </summary>
internal sealed class RefusalLog(ILogger logger, TimeProvider time, int sourcesMax = 1024)
{
    private const string Further = "(further sources)";
    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _loggedAt = new(StringComparer.Ordinal);

    /// <summary>Logs unless the source was logged in the last minute.</summary>
    /// <param name="remote">Address and port.</param>
    /// <param name="refusal">Why.</param>
    /// <param name="detail">What else is known.</param>
    public void Write(string remote, Refusal refusal, string detail)
    {
        if (ShouldLog(IPEndPoint.TryParse(remote, out var endpoint) ? endpoint.Address.ToString() : remote))
        {
            MessagingLog.RefusedIncoming(logger, remote, refusal, detail);
        }
    }

    private bool ShouldLog(string source)
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
