using System.Collections.Immutable;
using Grid.Discovery.ZooKeeper.Records;
using Grid.Discovery.ZooKeeper.View;
using Grid.ZooKeeper;

namespace Grid.Discovery.ZooKeeper.Tests.View;

public sealed class MemberTableTests
{
    private static readonly NodeInfo First = NodeRecords.Number(1);
    private static readonly NodeInfo Second = NodeRecords.Number(2);
    private readonly MemberTable _table = new();

    [Fact]
    public void Each_record_is_asked_for_once()
    {
        Assert.Equal([Name(First), Name(Second)], _table.OnListed([Name(First), Name(Second)]).Missing);
        _table.OnRead([Found(First, 10), Found(Second, 20)]);

        Assert.Empty(_table.OnListed([Name(Second), Name(First)]).Missing);
        var digest = _table.OnRead([]);

        Assert.Equal([First.Id, Second.Id], digest.Members.Select(member => member.Id));
        Assert.Equal(0, digest.Changes);
    }

    [Fact]
    public void The_join_order_is_the_transaction_that_created_the_record()
    {
        var members = Read((First, 20), (Second, 10));

        Assert.Equal([(Second.Id, 10), (First.Id, 20)], members.Select(member => (member.Id, member.JoinOrder)));
    }

    [Fact]
    public void An_update_is_a_new_name_and_keeps_the_join_order()
    {
        Read((First, 10));
        var updated = First with { State = NodeState.Draining, JoinOrder = 10 };
        var name = MemberName.First(First.Key).Next().ToString();

        var list = _table.OnListed([name]);
        var digest = _table.OnRead([Found(updated, 30)]);

        Assert.Equal([name], list.Missing);
        Assert.Empty(list.Gone);
        Assert.Equal(updated, Assert.Single(digest.Members));
    }

    [Fact]
    public void An_update_that_claims_to_have_joined_after_it_was_written_is_quarantined()
    {
        _table.OnListed([MemberName.First(First.Key).Next().ToString()]);

        var digest = _table.OnRead([Found(First with { JoinOrder = 31 }, 30)]);

        Assert.Empty(digest.Members);
        Assert.Contains("join order", Assert.Single(digest.Quarantined), StringComparison.Ordinal);
    }

    [Fact]
    public void A_member_that_is_missing_from_the_list_is_gone()
    {
        Read((First, 10), (Second, 20));

        var list = _table.OnListed([Name(Second)]);
        var digest = _table.OnRead([]);

        Assert.Equal([First.Key], list.Gone);
        Assert.Equal(Second.Id, Assert.Single(digest.Members).Id);
        Assert.Equal(1, digest.Changes);
    }

    [Fact]
    public void A_list_with_a_record_that_vanished_before_it_was_read_does_not_count()
    {
        _table.OnListed([Name(First), Name(Second)]);
        var digest = _table.OnRead([Vanished, Found(Second, 20)], mayListAgain: true);
        Assert.False(digest.IsComplete);

        Assert.Empty(_table.OnListed([Name(Second)]).Missing);
        digest = _table.OnRead([], mayListAgain: true);

        Assert.True(digest.IsComplete);
        Assert.Equal(1, digest.Changes);
        Assert.Equal(Second.Id, Assert.Single(digest.Members).Id);
    }

    [Fact]
    public void A_list_counts_without_what_vanished_when_it_must()
    {
        _table.OnListed([Name(First), Name(Second)]);

        var digest = _table.OnRead([Vanished, Found(Second, 20)], mayListAgain: false);

        Assert.True(digest.IsComplete);
        Assert.Equal(Second.Id, Assert.Single(digest.Members).Id);
    }

    [Fact]
    public void A_member_that_went_right_after_an_update_is_gone()
    {
        Read((First, 10));
        Assert.Empty(_table.OnListed([MemberName.First(First.Key).Next().ToString()]).Gone);
        _table.OnRead([Vanished], mayListAgain: true);

        Assert.Equal([First.Key], _table.OnListed([]).Gone);
    }

    [Fact]
    public void A_list_that_was_not_followed_by_a_read_changes_nothing()
    {
        Read((First, 10));
        _table.OnListed([]);

        Assert.Empty(_table.OnListed([Name(First)]).Gone);
        Assert.Equal(First.Id, Assert.Single(_table.OnRead([]).Members).Id);
    }

    [Fact]
    public void Junk_is_quarantined_once_and_harms_nobody()
    {
        var list = _table.OnListed(["junk", Name(First), Name(Second)]);
        var digest = _table.OnRead([new ReadResult(ZooKeeperErrorCode.Ok, [1, 2, 3], Ephemeral(5), null), Found(Second, 20)]);

        Assert.Contains("junk", Assert.Single(list.Quarantined), StringComparison.Ordinal);
        Assert.Contains(Name(First), Assert.Single(digest.Quarantined), StringComparison.Ordinal);
        Assert.Equal(Second.Id, Assert.Single(digest.Members).Id);
        Assert.Equal(2, _table.QuarantinedCount);
        var again = _table.OnListed(["junk", Name(First), Name(Second)]);
        Assert.Empty(again.Missing);
        Assert.Empty(again.Quarantined);
    }

    [Fact]
    public void A_record_under_the_name_of_another_is_quarantined()
    {
        _table.OnListed([Name(First)]);

        Assert.Contains("record of", Assert.Single(_table.OnRead([Found(Second, 10)]).Quarantined), StringComparison.Ordinal);
    }

    [Fact]
    public void A_record_that_would_outlive_its_node_is_quarantined()
    {
        _table.OnListed([Name(First)]);
        var persistent = new ReadResult(ZooKeeperErrorCode.Ok, MemberRecord.Encode(First), Ephemeral(10) with { EphemeralOwner = 0 }, null);

        Assert.Contains("not ephemeral", Assert.Single(_table.OnRead([persistent]).Quarantined), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_two_records_of_one_membership_the_newest_counts()
    {
        var newest = First with { Slots = 99, JoinOrder = 10 };
        _table.OnListed([Name(First), MemberName.First(First.Key).Next().ToString()]);

        var digest = _table.OnRead([Found(First, 10), Found(newest, 30)]);

        Assert.Equal(99, Assert.Single(digest.Members).Slots);
    }

    [Fact]
    public void Whatever_happens_between_reads_the_view_ends_as_the_registry()
    {
        var random = new Random(7);
        var registry = new Dictionary<NodeId, (NodeInfo Node, long Czxid)>();
        for (var zxid = 1L; zxid < 3000; zxid++)
        {
            var node = NodeRecords.Number((byte)random.Next(20)) with { Incarnation = zxid };
            if (!registry.Remove(node.Id))
            {
                registry[node.Id] = (node, zxid);
            }

            if (random.Next(5) == 0)
            {
                AssertSame(registry, Read([.. registry.Values]));
            }
        }
    }

    private static void AssertSame(Dictionary<NodeId, (NodeInfo Node, long Czxid)> registry, IEnumerable<NodeInfo> members) => Assert.Equal(
        registry.Values.OrderBy(entry => entry.Czxid).Select(entry => entry.Node with { JoinOrder = entry.Czxid }),
        members);

    private ImmutableArray<NodeInfo> Read(params (NodeInfo Node, long Czxid)[] registry)
    {
        var list = _table.OnListed([.. registry.Select(entry => Name(entry.Node))]);
        var byName = registry.ToDictionary(entry => Name(entry.Node));
        return _table.OnRead([.. list.Missing.Select(name => Found(byName[name].Node, byName[name].Czxid))]).Members;
    }

    private static string Name(NodeInfo node) => MemberName.First(node.Key).ToString();

    private static ReadResult Found(NodeInfo node, long czxid) => new(ZooKeeperErrorCode.Ok, MemberRecord.Encode(node), Ephemeral(czxid), null);

    private static ReadResult Vanished => new(ZooKeeperErrorCode.NoNode, null, null, null);

    private static Stat Ephemeral(long czxid) => new(czxid, czxid, 0, 0, 0, 0, 0, 77, 0, 0, 0);
}
