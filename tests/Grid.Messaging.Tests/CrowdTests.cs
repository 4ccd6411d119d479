using Grid.Testing.Network;

namespace Grid.Messaging.Tests;

/// <summary>Many callers at once, whose messages a writer gathers.</summary>
public sealed class CrowdTests : IDisposable
{
    private const int Callers = 64;
    private const int Rounds = 50;

    private readonly InMemoryNetwork _network = new();

    public void Dispose() => _network.Dispose();

    [Fact]
    public async Task A_crowd_of_callers_gets_all_replies_whoever_writes()
    {
        await using var nodes = await TwoNodes.StartAsync(_network);
        var peer = nodes.First.PeerOf(nodes.Second);

        var counts = await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(() => CallAsync(peer, caller))));

        Assert.All(counts, count => Assert.Equal(Rounds, count));
    }

    [Fact]
    public async Task A_crowd_that_never_stops_does_not_hold_up_what_comes_alone()
    {
        await using var nodes = await TwoNodes.StartAsync(_network);
        var peer = nodes.First.PeerOf(nodes.Second);
        var isOver = false;
        var crowd = Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            while (!Volatile.Read(ref isOver))
            {
                await PendingReply.RequestAsync(peer, TestNode.Echo, [(byte)caller]);
            }
        })).ToList();

        Assert.Equal([7], await PendingReply.RequestAsync(peer, TestNode.Echo, [7], Lane.Bulk));

        Volatile.Write(ref isOver, true);
        await Task.WhenAll(crowd).WaitAsync(TestNode.Guard);
    }

    // Every fourth caller sends from inside a batch, which writes on its own thread.
    private static async Task<int> CallAsync(Peer peer, int caller)
    {
        var count = 0;
        for (; count < Rounds; count++)
        {
            byte[] payload = [(byte)caller, (byte)count];
            Task<byte[]> reply;
            using (var batch = caller % 4 == 0 ? Messenger.OpenBatch() : default)
            {
                reply = PendingReply.RequestAsync(peer, TestNode.Echo, payload);
            }

            Assert.Equal(payload, await reply);
        }

        return count;
    }
}
