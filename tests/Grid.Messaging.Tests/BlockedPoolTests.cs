using Grid.Communication.Tcp;
using Grid.Communication.Tcp.Tests;
using Microsoft.Extensions.Logging.Abstractions;

namespace Grid.Messaging.Tests;

/// <summary>Invariant 2: links go on while user code blocks every thread of the shared pool.</summary>
[Trait("Lane", "loopback")]
[Collection(nameof(AloneInProcess))]
public sealed class BlockedPoolTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Links_are_made_kept_and_used_while_the_whole_thread_pool_is_blocked(bool hasCertificates)
    {
        using var authority = new TestAuthority();
        var tls = hasCertificates ? authority.Options("node.example") : null;
        var options = new MessengerOptions { TickInterval = TimeSpan.FromMilliseconds(5), PingInterval = TimeSpan.FromMilliseconds(20), LinkTimeout = TimeSpan.FromSeconds(20) };
        await using var first = await TestNode.StartAsync(Tcp(tls), 1, options);
        await using var second = await TestNode.StartAsync(Tcp(tls), 2, options);
        using var outcome = new Outcome();
        var thread = new Thread(() => outcome.Run(first.PeerOf(second))) { IsBackground = true };

        // The test's own continuations need the pool as well: so it waits on this thread until the work is done.
        using var pool = BlockedPool.Block();
        thread.Start();
        Assert.True(thread.Join(TestNode.Guard), $"After {outcome.Replies} replies the links stood still.");

        Assert.True(pool.IsStillBlocked, "The pool was not blocked: the test shows nothing.");
        Assert.Equal(Outcome.Rounds, outcome.Replies);
    }

    [Fact]
    public async Task Streams_are_opened_read_and_written_while_the_whole_thread_pool_is_blocked()
    {
        var echo = new StreamEcho();
        await using var first = await TestNode.StartAsync(Tcp(), 1);
        await using var second = await TestNode.StartAsync(Tcp(), 2, register: messenger => messenger.HandleStreams(StreamEcho.Kind, echo));
        using var talk = new StreamTalk();
        var thread = new Thread(() => talk.Run(first.PeerOf(second))) { IsBackground = true };

        using var pool = BlockedPool.Block();
        thread.Start();
        Assert.True(thread.Join(TestNode.Guard), $"After {talk.Rounds} rounds the stream stood still.");

        Assert.True(pool.IsStillBlocked, "The pool was not blocked: the test shows nothing.");
        Assert.Equal((StreamTalk.RoundsMax, null), (talk.Rounds, talk.Error));
    }

    private static TcpCommunication Tcp(TlsOptions? tls = null) => new(new TcpCommunicationOptions { Listen = new NodeEndpoint("127.0.0.1", 0), Tls = tls }, NullLogger<TcpCommunication>.Instance);

    /// <summary>Makes requests one after another, each waiting for its reply on this thread.</summary>
    private sealed class Outcome : IReplyHandler, IDisposable
    {
        public const int Rounds = 2_000;

        private readonly SemaphoreSlim _replied = new(0);

        public int Replies { get; private set; }

        public void Run(Peer peer)
        {
            for (var round = 0; round < Rounds; round++)
            {
                peer.Request(TestNode.Echo, Lane.Data, [1, 2, 3], this);
                if (!_replied.Wait(TestNode.Guard))
                {
                    return;
                }

                Replies++;
            }
        }

        public void OnReply(Peer from, in IncomingMessage message) => _replied.Release();

        public void OnFailed(GridException error)
        {
            // The wait for the reply ends by its guard, and the test shows how far it came.
        }

        public void Dispose() => _replied.Dispose();
    }

    private sealed class BlockedPool : IDisposable
    {
        private readonly ManualResetEventSlim _release = new(false);
        private readonly int _workersMin;
        private readonly int _portsMin;
        private readonly int _workersMax;
        private readonly int _portsMax;
        private readonly ManualResetEventSlim _probe = new(false);

        private BlockedPool()
        {
            ThreadPool.GetMinThreads(out _workersMin, out _portsMin);
            ThreadPool.GetMaxThreads(out _workersMax, out _portsMax);
        }

        /// <summary>Whether work that was queued after the blocking work has not run yet.</summary>
        public bool IsStillBlocked => !_probe.IsSet;

        public static BlockedPool Block()
        {
            var pool = new BlockedPool();
            const int Threads = 32;
            Assert.True(ThreadPool.SetMinThreads(Threads, pool._portsMin) && ThreadPool.SetMaxThreads(Threads, pool._portsMax));
            var running = 0;
            for (var i = 0; i < Threads * 2; i++)
            {
                ThreadPool.UnsafeQueueUserWorkItem(
                    _ =>
                    {
                        Interlocked.Increment(ref running);
                        pool._release.Wait();
                    },
                    null);
            }

            // The runner and this test hold a few threads of the pool themselves; the probe behind shows that none is left.
            if (!SpinWait.SpinUntil(() => Volatile.Read(ref running) >= Threads - 6, TestNode.Guard))
            {
                pool.Dispose();
                Assert.Fail($"{running} of {Threads} pool threads are blocked.");
            }

            ThreadPool.UnsafeQueueUserWorkItem(_ => pool._probe.Set(), null);
            return pool;
        }

        public void Dispose()
        {
            _release.Set();
            ThreadPool.SetMaxThreads(_workersMax, _portsMax);
            ThreadPool.SetMinThreads(_workersMin, _portsMin);
        }
    }
}
