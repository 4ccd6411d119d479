using Grid.Messaging.Requests;

namespace Grid.Messaging.Tests;

public sealed class PendingRequestsTests
{
    [Fact]
    public void A_request_is_taken_once()
    {
        var pending = new PendingRequests(limit: 10);
        var reply = new PendingReply();
        var id = pending.Add(reply, Lane.Data, 1);

        Assert.Same(reply, pending.Take(id));
        Assert.Null(pending.Take(id));
        Assert.Equal(0, pending.Count);
    }

    [Fact]
    public void Requests_can_be_looked_at_and_stay()
    {
        var pending = new PendingRequests(limit: 10);
        PendingReply[] replies = [new(), new(), new()];
        var ids = replies.Select((reply, i) => pending.Add(reply, Lane.Data, i)).ToArray();
        pending.Take(ids[1]);

        Assert.Same(replies[0], pending.Find(ids[0]));
        Assert.Null(pending.Find(ids[1]));
        Assert.Equal([(ids[0], (IReplyHandler)replies[0]), (ids[2], replies[2])], pending.List().Select(pair => (pair.Key, pair.Value)));
        Assert.Equal(2, pending.Count);
    }

    [Fact]
    public void A_late_reply_does_not_meet_the_request_that_got_the_slot()
    {
        var pending = new PendingRequests(limit: 10);
        var late = pending.Add(new PendingReply(), Lane.Data, 1);
        pending.Take(late);
        var next = pending.Add(new PendingReply(), Lane.Data, 2);

        Assert.Null(pending.Take(late));
        Assert.NotNull(pending.Take(next));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(long.MaxValue)]
    [InlineData(1L << 32)]
    public void Ids_that_were_never_given_meet_nobody(long id)
    {
        var pending = new PendingRequests(limit: 10);
        pending.Add(new PendingReply(), Lane.Data, 1);

        Assert.Null(pending.Take(id));
    }

    [Fact]
    public void Only_what_was_sent_is_taken_when_a_link_goes()
    {
        var pending = new PendingRequests(limit: 10);
        pending.Add(new PendingReply(), Lane.Data, 1);
        var kept = pending.Add(new PendingReply(), Lane.Data, 2);

        var taken = pending.TakeAll((_, message) => message == 1, onlySent: true);

        Assert.True(Assert.Single(taken).IsSent);
        Assert.NotNull(pending.Take(kept));
    }
}
