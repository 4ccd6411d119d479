using Grid.Spi;
using Microsoft.Extensions.Logging;

namespace Grid.Kernel.Gossip;

/// <summary>
/// Exchanges metrics through the registry: the node's own are written into its record, those of the others are read. One write and one read are under way at most; a slow
/// registry makes periods longer, nothing piles up. Used on the gossip thread only; the provider's tasks are looked at, never waited for.
/// </summary>
/// <remarks>
/// A record does not say how old it is, and the clocks of machines differ, so what is seen for the first time may be of any age. It counts from when it is seen to change.
/// </remarks>
internal sealed class RegistryExchange(IMemberMetricsSpi registry, TimeProvider time, TimeSpan limit, ILogger logger) : IDisposable
{
    private readonly Dictionary<NodeKey, ReadOnlyMemory<byte>> _seen = [];
    private CancellationTokenSource _limit = new(limit, time);
    private Task _writing = Task.CompletedTask;
    private Task<IReadOnlyList<MemberMetrics>>? _reading;

    /// <summary>A period has passed: begins to write and to read, unless the last time is still under way.</summary>
    /// <param name="own">The node's own metrics; empty for a client.</param>
    /// <param name="onRead">Called on any thread when <see cref="TakeNews"/> has something to say.</param>
    public void Begin(ReadOnlySpan<byte> own, Action onRead)
    {
        if (!_writing.IsCompleted || _reading is not null)
        {
            return;
        }

        _limit.Dispose();
        _limit = new CancellationTokenSource(limit, time);
        _writing = own.IsEmpty ? Task.CompletedTask : WriteAsync(own.ToArray());
        _reading = registry.ReadMetricsAsync(_limit.Token);
        _ = _reading.ContinueWith(static (_, state) => ((Action)state!)(), onRead, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>The metrics that changed since they were seen before; empty while nothing was read.</summary>
    public IReadOnlyList<MemberMetrics> TakeNews()
    {
        if (_reading is not { IsCompleted: true } reading)
        {
            return [];
        }

        _reading = null;
        if (!reading.IsCompletedSuccessfully)
        {
            GossipLog.RegistryReadFailed(logger, reading.Exception?.InnerException);
            return [];
        }

        var members = reading.Result;
        var news = members.Where(IsChanged).ToList();
        foreach (var gone in _seen.Keys.Except(members.Select(member => member.Node)).ToList())
        {
            _seen.Remove(gone);
        }

        foreach (var member in members)
        {
            _seen[member.Node] = member.Metrics;
        }

        return news;
    }

    public void Dispose()
    {
        _limit.Cancel();
        _limit.Dispose();
    }

    private bool IsChanged(MemberMetrics member) => _seen.TryGetValue(member.Node, out var before) && !before.Span.SequenceEqual(member.Metrics.Span);

    private async Task WriteAsync(byte[] own)
    {
        try
        {
            await registry.WriteMetricsAsync(own, _limit.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is GridException or InvalidOperationException or OperationCanceledException)
        {
            GossipLog.RegistryWriteFailed(logger, exception);
        }
    }
}
