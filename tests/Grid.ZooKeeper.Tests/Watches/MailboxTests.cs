using Grid.ZooKeeper.Watches;

namespace Grid.ZooKeeper.Tests.Watches;

public sealed class MailboxTests
{
    private static readonly WatchEvent One = new(WatchEventType.NodeCreated, "/1");
    private static readonly WatchEvent Two = new(WatchEventType.NodeCreated, "/2");
    private static readonly WatchEvent Last = new(WatchEventType.SessionEnded, "");
    private readonly Mailbox _mailbox = new(capacity: 2);

    [Fact]
    public async Task What_was_put_in_comes_out_in_order_also_after_it_was_closed()
    {
        Assert.Null(_mailbox.Add(One));
        Assert.Null(_mailbox.Add(Two));
        _mailbox.Close(Last);
        Assert.Null(_mailbox.Add(One));
        Assert.Equal(3, _mailbox.Count);
        Assert.True(_mailbox.TryPeek(out var first));
        Assert.Equal(One, first);
        Assert.False(_mailbox.Completion.IsCompleted);

        List<WatchEvent> read = [];
        await foreach (var each in _mailbox.ReadAllAsync())
        {
            read.Add(each);
        }

        Assert.Equal([One, Two, Last], read);
        await _mailbox.Completion.OrHang();
    }

    [Fact]
    public async Task All_that_wait_go_on_with_the_first_event_and_one_of_them_gets_it()
    {
        var readers = Enumerable.Range(0, 3).Select(_ => _mailbox.ReadAsync().AsTask()).ToArray();

        _mailbox.Add(One)!.SetResult(true);
        Assert.Equal(One, await (await Task.WhenAny(readers)));
        Assert.Equal(1, readers.Count(reader => reader.IsCompleted));

        _mailbox.Close();
        foreach (var reader in readers.Where(reader => !reader.IsCompletedSuccessfully))
        {
            await Assert.ThrowsAsync<System.Threading.Channels.ChannelClosedException>(() => reader.OrHang());
        }
    }

    [Fact]
    public async Task A_wait_that_is_cancelled_takes_nothing_from_the_others()
    {
        using var cancellation = new CancellationTokenSource();
        var cancelled = _mailbox.WaitToReadAsync(cancellation.Token).AsTask();
        var other = _mailbox.WaitToReadAsync().AsTask();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        Assert.False(other.IsCompleted);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _mailbox.WaitToReadAsync(cancellation.Token).AsTask());

        _mailbox.Add(One)!.SetResult(true);

        Assert.True(await other.OrHang());
        Assert.True(await _mailbox.WaitToReadAsync().AsTask().OrHang());
    }

    [Fact]
    public async Task Who_waits_when_it_is_closed_hears_whether_there_is_something_to_read()
    {
        var waiting = _mailbox.WaitToReadAsync().AsTask();
        _mailbox.Close(Last);
        Assert.True(await waiting.OrHang());
        Assert.True(_mailbox.TryRead(out _));
        Assert.False(await _mailbox.WaitToReadAsync().AsTask().OrHang());
        _mailbox.Close(Last);
        Assert.Equal(0, _mailbox.Count);

        var empty = new Mailbox(1);
        var inVain = empty.WaitToReadAsync().AsTask();
        empty.Close();
        Assert.False(await inVain.OrHang());
    }

    [Fact]
    public void When_it_is_full_one_mark_stands_for_what_found_no_room()
    {
        foreach (var each in (WatchEvent[])[One, Two, One, Two])
        {
            _mailbox.Add(each);
        }

        Assert.Equal(2, _mailbox.Dropped);
        Assert.Equal(3, _mailbox.Count);
        for (var i = 0; i < 3; i++)
        {
            Assert.True(_mailbox.TryRead(out _));
        }

        _mailbox.Add(One);
        Assert.Equal(1, _mailbox.Count);
    }
}
