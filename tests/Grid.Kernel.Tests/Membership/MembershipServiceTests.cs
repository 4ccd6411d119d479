using Grid.Kernel.Membership;
using Grid.Spi;
using Microsoft.Extensions.Logging.Abstractions;
using static Grid.Kernel.Tests.Membership.Members;

namespace Grid.Kernel.Tests.Membership;

public sealed class MembershipServiceTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ScriptedDiscovery _discovery = new();
    private readonly RecordingObserver _observer = new();
    private readonly MembershipService _service;

    public MembershipServiceTests()
    {
        _service = new MembershipService(
            _discovery,
            new MembershipOptions { RejoinDelayBase = TimeSpan.Zero },
            TimeProvider.System,
            new Random(1),
            NullLogger<MembershipService>.Instance);
        _service.Observe(_observer);
    }

    private static NodeInfo Local => Node(1) with { JoinOrder = 0 };

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _service.DisposeAsync();

    [Fact]
    public async Task Start_returns_when_the_view_shows_the_local_node()
    {
        var starting = _service.StartAsync(Local, CancellationToken.None);
        _discovery.Show(Snapshot(1, Node(2)));
        await _observer.WaitForAsync("v1 Connected: Joined n2#1");
        Assert.False(starting.IsCompleted);

        _discovery.Show(Snapshot(2, Node(2), Node(1, order: 9)));
        var cluster = await starting.WaitAsync(Patience);

        Assert.Equal(new ClusterId(42), cluster);
        Assert.Equal(9, _service.Local!.JoinOrder);
        Assert.Equal(["n2", "n1"], _service.Current.Nodes.Select(node => node.Name));
        Assert.True(_service.HoldsMembership);
    }

    [Fact]
    public async Task The_cluster_is_told_before_the_first_view()
    {
        var events = new List<string>();
        _observer.OnEvent = events.Add;
        _discovery.Show(Snapshot(1, Node(1)));

        await _service.StartAsync(Local, cluster => events.Add($"cluster {cluster.Value}"), CancellationToken.None).WaitAsync(Patience);

        Assert.Equal(["cluster 42", "v1 Connected: Joined n1#1"], events);
    }

    [Fact]
    public async Task A_client_starts_with_the_first_view()
    {
        _discovery.Show(Snapshot(1, Node(2)));

        await _service.StartAsync(null, CancellationToken.None).WaitAsync(Patience);

        Assert.Null(_service.Local);
        Assert.Single(_service.Current.Nodes);
    }

    [Fact]
    public async Task A_start_that_fails_says_good_bye_and_throws_the_cause()
    {
        _discovery.OnStart = (_, _) => throw new DiscoveryException("no registry at 127.0.0.1:1");

        var exception = await Assert.ThrowsAsync<DiscoveryException>(() => _service.StartAsync(Local, CancellationToken.None));

        Assert.Equal("no registry at 127.0.0.1:1", exception.Message);
        Assert.Equal(["start 00000000#1", "stop"], _discovery.Calls);
    }

    [Fact]
    public async Task A_start_that_is_given_up_before_the_node_was_seen_leaves()
    {
        using var cts = new CancellationTokenSource();
        var starting = _service.StartAsync(Local, cts.Token);
        _discovery.Show(Snapshot(1, Node(2)));
        await _observer.WaitForAsync("v1 Connected: Joined n2#1");

        await cts.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => starting.WaitAsync(Patience));
        Assert.Equal("stop", _discovery.Calls.Last());
    }

    [Fact]
    public async Task Observers_find_the_new_view_published_and_the_stream_replays_it()
    {
        var published = 0L;
        _observer.OnEvent = _ => published = _service.Current.Version;
        await StartAsync();

        _discovery.Show(Snapshot(2, Node(1), Node(2), Node(3)));
        await _observer.WaitForAsync("v3 Connected: Joined n3#1");

        Assert.Equal(3, published);
        var kinds = new List<string>();
        await foreach (var change in _service.ChangesAsync(0))
        {
            kinds.Add(change.Node!.Name);
            if (change.Version == 3)
            {
                break;
            }
        }

        Assert.Equal(["n1", "n2", "n3"], kinds);
    }

    [Fact]
    public async Task An_observer_that_throws_does_not_keep_the_news_from_others()
    {
        _observer.OnEvent = _ => throw new InvalidOperationException("broken part");
        var second = new RecordingObserver();
        _service.Observe(second);

        await StartAsync();

        await second.WaitForAsync("v2 Connected: Joined n1#1, Joined n2#1");
    }

    [Fact]
    public async Task A_lost_node_is_fenced_before_anybody_is_told_and_rejoins_after_everybody_was()
    {
        await StartAsync();
        var fencedAt = new List<string>();
        var callsAtFence = 0;
        _observer.OnEvent = text =>
        {
            fencedAt.Add($"{text}: {_service.IsFenced}");
            callsAtFence = text == "fenced" ? _discovery.Calls.Count : callsAtFence;
        };
        _discovery.OnRejoin = (local, _) =>
        {
            _discovery.Show(Snapshot(9, Node(2), local with { JoinOrder = 7 }));
            return Task.CompletedTask;
        };

        _discovery.Show(Linked(DiscoveryLink.Lost, 1));
        await _observer.WaitForAsync("v3 Connected: Restarted n1#2");

        Assert.Equal(
            ["fenced: True", "v2 Lost: : True", "rejoined n1#2 order 7: True", "v3 Connected: Restarted n1#2: False"],
            fencedAt);
        Assert.Equal(1, callsAtFence);
        Assert.Equal(["start 00000000#1", "rejoin 00000000#2 Available"], _discovery.Calls);
    }

    [Fact]
    public async Task Rejoining_is_tried_until_it_succeeds()
    {
        await StartAsync();
        var attempts = 0;
        _discovery.OnRejoin = (local, _) =>
        {
            if (++attempts < 5)
            {
                throw new DiscoveryException("still away");
            }

            _discovery.Show(Snapshot(9, local with { JoinOrder = 7 }));
            return Task.CompletedTask;
        };

        _discovery.Show(Linked(DiscoveryLink.Lost, 1));
        await _observer.WaitForAsync("rejoined n1#2 order 7");

        Assert.Equal(Enumerable.Repeat("rejoin 00000000#2 Available", 5), _discovery.Calls.Skip(1));
    }

    [Fact]
    public async Task Membership_is_not_held_when_the_provider_doubts_it()
    {
        await StartAsync();

        _discovery.HoldsMembership = false;

        Assert.False(_service.HoldsMembership);
        Assert.False(_service.IsFenced);
    }

    [Fact]
    public async Task A_state_is_written_to_the_registry()
    {
        await StartAsync();

        await _service.SetStateAsync(NodeState.Draining, CancellationToken.None).WaitAsync(Patience);

        Assert.Equal("update 00000000#1 Draining", _discovery.Calls.Last());
        Assert.Equal(NodeState.Draining, _service.Local!.State);
    }

    [Fact]
    public async Task A_state_that_the_registry_refused_is_not_taken()
    {
        await StartAsync();
        _discovery.OnUpdate = (_, _) => throw new DiscoveryException("away");

        await Assert.ThrowsAsync<DiscoveryException>(() => _service.SetStateAsync(NodeState.Draining, CancellationToken.None).WaitAsync(Patience));

        Assert.Equal(NodeState.Available, _service.Local!.State);
    }

    [Fact]
    public async Task A_state_set_while_a_rejoin_is_under_way_is_written_after_it()
    {
        await StartAsync();
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _discovery.OnRejoin = async (local, _) =>
        {
            entered.SetResult();
            await answer.Task;
            _discovery.Show(Snapshot(9, local with { JoinOrder = 7 }));
        };
        _discovery.Show(Linked(DiscoveryLink.Lost, 1));
        await entered.Task.WaitAsync(Patience);

        var setting = _service.SetStateAsync(NodeState.Draining, CancellationToken.None);
        answer.SetResult();
        await setting.WaitAsync(Patience);
        await _observer.WaitForAsync("rejoined n1#2 order 7");

        Assert.Equal(NodeState.Draining, _service.Local!.State);
        Assert.False(_discovery.HasOverlapped);
    }

    [Fact]
    public async Task Stop_leaves_once_however_often_it_is_called()
    {
        await StartAsync();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => _service.StopAsync(CancellationToken.None)))).WaitAsync(Patience);

        Assert.Single(_discovery.Calls, call => call == "stop");
    }

    [Fact]
    public async Task Stop_ends_a_rejoin_that_gets_no_answer()
    {
        await StartAsync();
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _discovery.OnRejoin = async (_, ct) =>
        {
            entered.SetResult();
            await Task.Delay(Timeout.Infinite, ct);
        };
        _discovery.Show(Linked(DiscoveryLink.Lost, 1));
        await entered.Task.WaitAsync(Patience);

        await _service.StopAsync(CancellationToken.None).WaitAsync(Patience);

        Assert.Equal("stop", _discovery.Calls.Last());
        Assert.False(_discovery.HasOverlapped);
    }

    [Fact]
    public async Task Stop_is_not_failed_by_a_registry_that_is_away()
    {
        await StartAsync();
        _discovery.OnStop = _ => throw new DiscoveryException("away");

        await _service.StopAsync(CancellationToken.None).WaitAsync(Patience);
    }

    [Fact]
    public async Task Dispose_without_stop_says_no_good_bye_and_ends_the_stream()
    {
        await StartAsync();
        await using var changes = _service.ChangesAsync(_service.Current.Version).GetAsyncEnumerator();
        var pending = changes.MoveNextAsync();

        await _service.DisposeAsync();
        await _service.DisposeAsync();

        Assert.False(await pending.AsTask().WaitAsync(Patience));
        Assert.DoesNotContain("stop", _discovery.Calls);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_watch_that_breaks_fences_the_node_for_good(bool withException)
    {
        await StartAsync();

        _discovery.BreakWatch(withException ? new InvalidOperationException("bug in a provider") : null);
        await _observer.WaitForAsync("v2 Lost: ");

        Assert.True(_service.IsFenced);
        await _service.StopAsync(CancellationToken.None).WaitAsync(Patience);
        Assert.Equal(["start 00000000#1", "stop"], _discovery.Calls);
    }

    [Fact]
    public async Task A_service_that_was_never_started_stops_and_disposes()
    {
        await _service.StopAsync(CancellationToken.None).WaitAsync(Patience);
        await _service.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => _service.StartAsync(Local, CancellationToken.None));
        Assert.Empty(_discovery.Calls);
    }

    [Fact]
    public async Task A_state_can_be_set_only_between_start_and_stop()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => _service.SetStateAsync(NodeState.Draining, CancellationToken.None));
        await StartAsync();
        await _service.StopAsync(CancellationToken.None);
        await Assert.ThrowsAsync<InvalidOperationException>(() => _service.SetStateAsync(NodeState.Draining, CancellationToken.None));
    }

    private async Task StartAsync()
    {
        _discovery.Show(Snapshot(1, Node(1), Node(2)));
        await _service.StartAsync(Local, CancellationToken.None).WaitAsync(Patience);
    }
}
