using System.Net;
using Grid.ZooKeeper.Requests;
using Grid.ZooKeeper.Session;
using Grid.ZooKeeper.Wire;

namespace Grid.ZooKeeper.Tests.Requests;

/// <summary>Who writes what the leader asks for while it runs callers' code. No thread but the test's comes here.</summary>
public sealed class RequestQueueTests : IDisposable
{
    private readonly RequestQueue _queue = new(new ZooKeeperOptions { ConnectString = "127.0.0.1" }, new Chroot(""));
    private readonly Link _link = new(new IPEndPoint(IPAddress.Loopback, 1), "nowhere", 0);

    public RequestQueueTests()
    {
        _queue.Open(_link);
        _queue.LeadBy(Environment.CurrentManagedThreadId);
        Assert.True(_queue.TryRest(isTimeWatched: true));
    }

    public void Dispose() => _link.Dispose();

    [Fact]
    public void With_several_answers_at_hand_it_writes_once_for_all()
    {
        _queue.BeginGathering();
        Assert.Equal([Admission.Queued, Admission.Queued, Admission.Queued], Ask(3));

        Assert.Same(_link, _queue.EndGathering());
        Assert.True(_queue.TryTakeMore(_link, out var batch));
        Assert.Equal(3 * BytesOf(NewRequest()), batch.Length);
        Assert.False(_queue.TryTakeMore(_link, out _));
        Assert.False(_queue.EndWrite(_link));
    }

    [Fact]
    public void With_one_answer_at_hand_it_writes_itself_at_once()
    {
        Assert.Equal([Admission.WriteItself], Ask(1));
        Assert.False(_queue.EndWrite(_link));
        Assert.Null(_queue.EndGathering());
    }

    [Fact]
    public void With_many_unanswered_it_wakes_nobody_and_writes_before_it_reads_on()
    {
        for (var i = 0; i < 32; i++)
        {
            Assert.Equal([Admission.WriteItself], Ask(1));
            _queue.EndWrite(_link);
        }

        Assert.Equal([Admission.Queued, Admission.Queued], Ask(2));
        Assert.Same(_link, _queue.EndGathering());
    }

    [Fact]
    public void What_a_deposed_leader_has_gathered_is_the_writing_threads()
    {
        _queue.BeginGathering();
        Ask(2);

        _queue.LeadBy(0);

        Assert.Equal([Admission.CallWriter], Ask(1));
        Assert.Same(_link, _queue.TakeBatch(out var batch));
        Assert.Equal(3 * BytesOf(NewRequest()), batch.Length);
    }

    [Fact]
    public void What_others_ask_for_while_the_leader_gathers_is_written_at_once()
    {
        _queue.BeginGathering();
        var other = Admission.Ended;
        var thread = new Thread(() => other = Ask(1)[0]);
        thread.Start();
        thread.Join();

        Assert.Equal(Admission.WriteItself, other);
    }

    private static TypedRequest<bool> NewRequest()
    {
        var writer = JuteWriter.Request(OpCode.Delete, 1024);
        writer.WriteString("/a");
        return new TypedRequest<bool>(OpCode.Delete, "/a", Replies.Nothing) { Frame = writer.Finish() };
    }

    private static int BytesOf(TypedRequest<bool> request) => request.FrameBytes;

    private Admission[] Ask(int count) => [.. Enumerable.Range(0, count).Select(_ => _queue.Enqueue(NewRequest(), out var _))];
}
