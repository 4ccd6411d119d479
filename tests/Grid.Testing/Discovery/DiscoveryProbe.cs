using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Grid.Spi;
using Xunit.Sdk;

namespace Grid.Testing;

/// <summary>One node of a conformance test: a provider, and everything that its watch has shown.</summary>
internal sealed class DiscoveryProbe : IAsyncDisposable
{
    private readonly TimeSpan _patience;
    private readonly CancellationTokenSource _disposing = new();
    private readonly Lock _gate = new();
    private readonly List<DiscoverySnapshot> _seen = []; // Guarded by the gate, with the two below.
    private TaskCompletionSource _news = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Exception? _failure;
    private Task _watching = Task.CompletedTask;

    public DiscoveryProbe(IDiscoverySpi spi, NodeInfo? local, TimeSpan patience)
    {
        Spi = spi;
        Local = local;
        _patience = patience;
    }

    public IDiscoverySpi Spi { get; }

    /// <summary>The record as it was last registered, without its join order.</summary>
    public NodeInfo? Local { get; set; }

    public ClusterId Cluster { get; private set; }

    public IReadOnlyList<DiscoverySnapshot> Seen
    {
        get
        {
            lock (_gate)
            {
                return [.. _seen];
            }
        }
    }

    /// <summary>Completes when the watch has ended by itself.</summary>
    public Task Watching => _watching;

    public CancellationToken Limit() => new CancellationTokenSource(_patience).Token;

    public async Task StartAsync()
    {
        Cluster = await Spi.StartAsync(Local, Limit());
        Watch();
    }

    public void Watch() => _watching = WatchAsync();

    public async Task UpdateAsync(NodeInfo local)
    {
        Local = local;
        await Spi.UpdateAsync(local, Limit());
    }

    /// <summary>Waits until the latest snapshot meets a condition.</summary>
    public Task<DiscoverySnapshot> UntilAsync(string what, Func<DiscoverySnapshot, bool> condition) =>
        UntilAnyAsync(what, seen => seen.Count > 0 && condition(seen[^1]) ? seen[^1] : null);

    /// <summary>Waits until the latest snapshot comes from a connected registry and shows exactly these nodes.</summary>
    public Task<DiscoverySnapshot> UntilMembersAsync(params NodeKey[] keys) => UntilAsync(
        $"exactly the members {string.Join(", ", keys)}",
        snapshot => snapshot.Link == DiscoveryLink.Connected && snapshot.Members.Select(member => member.Key).ToHashSet().SetEquals(keys));

    /// <summary>Waits until all that was seen yields something.</summary>
    public async Task<T> UntilAnyAsync<T>(string what, Func<IReadOnlyList<DiscoverySnapshot>, T?> find)
        where T : class
    {
        using var limit = new CancellationTokenSource(_patience);
        while (true)
        {
            Task news;
            lock (_gate)
            {
                if (find(_seen) is { } found)
                {
                    return found;
                }

                if (_failure is not null)
                {
                    throw new XunitException($"The watch failed before it showed {what}: {_failure}");
                }

                news = _news.Task;
            }

            try
            {
                await news.WaitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                throw new XunitException($"Waited {_patience} for {what}. {Describe()}");
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Spi.DisposeAsync();
        await _disposing.CancelAsync();
        await _watching.WaitAsync(_patience);
        _disposing.Dispose();
    }

    private async Task WatchAsync()
    {
        try
        {
            await foreach (var snapshot in Spi.WatchAsync(_disposing.Token))
            {
                Add(snapshot, null);
            }
        }
        catch (OperationCanceledException) when (_disposing.IsCancellationRequested)
        {
            // The end of the test.
        }
        catch (Exception exception)
        {
            Add(null, exception);
        }
    }

    private void Add(DiscoverySnapshot? snapshot, Exception? failure)
    {
        TaskCompletionSource news;
        lock (_gate)
        {
            if (snapshot is not null)
            {
                _seen.Add(snapshot);
            }

            _failure = failure;
            news = _news;
            _news = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        news.SetResult();
    }

    private string Describe()
    {
        var text = new StringBuilder("Snapshots so far:");
        foreach (var snapshot in Seen)
        {
            text.AppendLine().Append(CultureInfo.InvariantCulture, $"  version {snapshot.Version}, {snapshot.Link}: ")
                .AppendJoin(", ", snapshot.Members.Select(member => $"{member} {member.State} order {member.JoinOrder}"))
                .Append("; departed: ").AppendJoin(", ", snapshot.Departed.IsDefault ? ImmutableArray<NodeKey>.Empty : snapshot.Departed);
        }

        return text.ToString();
    }
}
