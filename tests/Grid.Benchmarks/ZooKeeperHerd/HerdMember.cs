using System.Collections.Immutable;
using System.Globalization;
using Grid.Discovery;
using Grid.Discovery.ZooKeeper;
using Grid.Spi;

namespace Grid.Benchmarks.ZooKeeperHerd;

/// <summary>One member with its own session, and whoever waits for its view to have a number of members.</summary>
internal sealed class HerdMember : IAsyncDisposable
{
    private readonly ZooKeeperDiscovery _discovery;
    private readonly NodeInfo _local;
    private readonly Lock _gate = new();
    private Task _watching = Task.CompletedTask;
    private ImmutableArray<NodeInfo> _members = [];
    private (int Count, TaskCompletionSource Reached)? _wait;

    public HerdMember(ZooKeeperDiscoveryOptions options, int number)
    {
        _discovery = new ZooKeeperDiscovery(options);
        _local = new NodeInfo
        {
            Id = new NodeId(((UInt128)(ulong)Random.Shared.NextInt64() << 64) | (uint)number),
            Name = string.Create(CultureInfo.InvariantCulture, $"herd-{number}"),
            Endpoints = [new NodeEndpoint("10.0.0.1", 10_000 + number)],
            Slots = 4,
            Attributes = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add("zone", "eu-1"),
        };
    }

    public long Requests => _discovery.RequestCount;

    public ImmutableArray<NodeInfo> Members
    {
        get
        {
            lock (_gate)
            {
                return _members;
            }
        }
    }

    public HashSet<NodeKey> Departed { get; } = [];

    public NodeKey Key => _local.Key;

    public byte[] Record => MemberRecord.Encode(_local);

    public async Task JoinAsync()
    {
        await _discovery.StartAsync(_local, CancellationToken.None);
        _watching = WatchAsync();
    }

    /// <summary>Completes when the view has exactly so many members.</summary>
    public Task UntilAsync(int count)
    {
        lock (_gate)
        {
            if (_members.Length == count)
            {
                return Task.CompletedTask;
            }

            _wait = (count, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            return _wait.Value.Reached.Task;
        }
    }

    public async Task LeaveAsync()
    {
        await _discovery.StopAsync(CancellationToken.None);
        await _watching;
    }

    public ValueTask DisposeAsync() => _discovery.DisposeAsync();

    private async Task WatchAsync()
    {
        await foreach (var snapshot in _discovery.WatchAsync(CancellationToken.None))
        {
            lock (_gate)
            {
                Departed.UnionWith(snapshot.Departed);
                _members = snapshot.Members;
                if (_wait is { } wait && wait.Count == _members.Length)
                {
                    wait.Reached.TrySetResult();
                }
            }
        }
    }
}
