using System.Collections.Immutable;
using Grid.Spi;

namespace Grid.Discovery.ZooKeeper.Tests;

public sealed class ZooKeeperDiscoveryMachineTests
{
    private static readonly NodeInfo Local = NodeRecords.Number(1) with { JoinOrder = 10 };
    private static readonly NodeInfo Other = NodeRecords.Number(2) with { JoinOrder = 20 };
    private readonly ZooKeeperDiscoveryMachine _machine = new();

    [Fact]
    public void The_first_read_makes_a_member_connected()
    {
        _machine.OnOpened(Local.Key);
        Assert.Equal(DiscoveryLink.Suspended, _machine.Link);

        Assert.Equal((100, 2, DiscoveryLink.Connected), Digest(Read(100, Local, Other)));
        Assert.Equal(10, _machine.LocalJoinOrder);
        Assert.True(_machine.IsEldest);
    }

    [Fact]
    public void A_lost_connection_freezes_the_view_until_it_was_read_anew()
    {
        Open(100, Local, Other);

        Assert.Equal((100, 2, DiscoveryLink.Suspended), Digest(_machine.OnSuspended()));
        Assert.Null(_machine.OnSuspended());
        _machine.OnReconnected();
        Assert.Equal(DiscoveryLink.Suspended, _machine.Link);
        Assert.Equal((120, 1, DiscoveryLink.Connected), Digest(Read(120, Local)));
    }

    [Fact]
    public void A_read_that_began_before_the_connection_was_lost_does_not_make_the_view_current()
    {
        Open(100, Local);
        var epoch = _machine.Epoch;
        _machine.OnSuspended();
        _machine.OnReconnected();

        Assert.Equal((110, 2, DiscoveryLink.Suspended), Digest(_machine.OnRead(epoch, 110, [Local, Other], [])));
        Assert.Equal((110, 2, DiscoveryLink.Connected), Digest(Read(110, Local, Other)));
    }

    [Fact]
    public void A_read_that_shows_nothing_new_is_no_news()
    {
        Open(100, Local);

        Assert.Null(Read(100, Local));
    }

    [Fact]
    public void A_member_is_lost_once_and_keeps_the_view_that_it_had()
    {
        Open(100, Local, Other);

        Assert.Equal((100, 2, DiscoveryLink.Lost), Digest(_machine.OnLost()));
        Assert.Null(_machine.OnLost());
        Assert.Null(Read(200, Other));
        Assert.Null(_machine.OnSuspended());
        _machine.OnReconnected();
        Assert.Equal(DiscoveryLink.Lost, _machine.Link);
        Assert.False(_machine.IsMember);
        Assert.Null(_machine.LocalJoinOrder);
    }

    [Fact]
    public void A_member_whose_record_is_missing_is_lost()
    {
        Open(100, Local, Other);

        Assert.Equal((100, 2, DiscoveryLink.Lost), Digest(Read(110, Other)));
    }

    [Fact]
    public void An_older_incarnation_in_the_list_is_not_the_member()
    {
        Open(100, Local);

        Assert.Equal(DiscoveryLink.Lost, Read(110, Local with { Incarnation = 2 })?.Link);
    }

    [Fact]
    public void Closing_leaves_a_member_lost_until_it_is_opened_again()
    {
        Open(100, Local);
        _machine.OnClosed();
        Assert.Equal(DiscoveryLink.Lost, _machine.Link);
        Assert.Null(Read(150, Local));

        var next = Local with { Incarnation = 2, JoinOrder = 160 };
        _machine.OnOpened(next.Key);

        Assert.Equal((170, 1, DiscoveryLink.Connected), Digest(Read(170, next)));
    }

    [Fact]
    public void A_client_is_suspended_where_a_member_is_lost()
    {
        Open(100, null, Other);

        Assert.Equal((100, 1, DiscoveryLink.Suspended), Digest(_machine.OnLost()));
        _machine.OnOpened(null);
        Assert.Equal((130, 0, DiscoveryLink.Connected), Digest(Read(130)));
        Assert.False(_machine.IsEldest);
    }

    [Fact]
    public void Versions_go_on_when_the_registry_was_made_anew()
    {
        Open(1000, null, Other);
        _machine.OnLost();
        _machine.OnOpened(null);

        var first = Read(7)!;
        var second = Read(9, Other)!;

        Assert.True(first.Version > 1000);
        Assert.Equal(first.Version + 2, second.Version);
    }

    private void Open(long pzxid, NodeInfo? local, params NodeInfo[] others)
    {
        _machine.OnOpened(local?.Key);
        Assert.Equal(DiscoveryLink.Connected, Read(pzxid, local is null ? others : [local, .. others])?.Link);
    }

    private DiscoverySnapshot? Read(long pzxid, params NodeInfo[] members) => _machine.OnRead(_machine.Epoch, pzxid, [.. members], ImmutableArray<NodeKey>.Empty);

    private static (long Version, int Count, DiscoveryLink Link)? Digest(DiscoverySnapshot? snapshot) =>
        snapshot is null ? null : (snapshot.Version, snapshot.Members.Length, snapshot.Link);
}
