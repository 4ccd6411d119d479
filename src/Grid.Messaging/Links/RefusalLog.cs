using Grid.Messaging.Handshake;
using Microsoft.Extensions.Logging;

namespace Grid.Messaging.Links;

/// <summary>Logs refused links, each source once per minute, so that a stranger who knocks often cannot fill the disk.</summary>
internal sealed class RefusalLog(ILogger logger, TimeProvider time)
{
    private const int SourcesMax = 1024;
    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _loggedAt = new(StringComparer.Ordinal);

    /// <summary>Logs unless the source was logged in the last minute.</summary>
    /// <param name="remote">Address and port.</param>
    /// <param name="refusal">Why.</param>
    /// <param name="detail">What else is known.</param>
    public void Write(string remote, Refusal refusal, string detail)
    {
        if (ShouldLog(SourceOf(remote)))
        {
            MessagingLog.RefusedIncoming(logger, remote, refusal, detail);
        }
    }

    private static string SourceOf(string remote) => remote.LastIndexOf(':') is var colon and > 0 ? remote[..colon] : remote;

    private bool ShouldLog(string source)
    {
        var now = time.GetTimestamp();
        lock (_gate)
        {
            if (_loggedAt.TryGetValue(source, out var at) && time.GetElapsedTime(at, now) < Quiet)
            {
                return false;
            }

            if (_loggedAt.Count >= SourcesMax)
            {
                _loggedAt.Clear();
            }

            _loggedAt[source] = now;
            return true;
        }
    }
}
