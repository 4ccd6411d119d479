using Grid.ZooKeeper.Session;

namespace Grid.ZooKeeper.Tests.Session;

public sealed class SessionWatchTests
{
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);
    private readonly SessionWatch _watch = new();

    [Fact]
    public async Task A_session_looks_when_it_comes_when_its_time_has_come_and_when_it_is_called()
    {
        var session = new Scripted(TimeSpan.FromMilliseconds(1), Long, Long);
        _watch.Add(session);
        Assert.True(await session.NextLookAsync());
        Assert.False(await session.NextLookAsync());

        _watch.Call(session);

        Assert.True(await session.NextLookAsync());
    }

    [Fact]
    public async Task A_call_during_the_last_look_ends_the_session_once_and_the_others_go_on()
    {
        var other = new Scripted(Long, Long, Long);
        _watch.Add(other);
        await other.NextLookAsync();
        Scripted? ending = null;
        ending = new Scripted(null, null) { OnLook = () => _watch.Call(ending!) };
        _watch.Add(ending);
        await ending.NextLookAsync();

        for (var i = 0; i < 2; i++)
        {
            _watch.Call(other);
            Assert.True(await other.NextLookAsync());
        }
    }

    [Fact]
    public async Task A_session_that_comes_after_the_last_has_gone_is_looked_after()
    {
        for (var i = 0; i < 20; i++)
        {
            var session = new Scripted(TimeSpan.Zero, null);
            _watch.Add(session);
            Assert.True(await session.NextLookAsync());
            Assert.False(await session.NextLookAsync());
        }
    }

    [Fact]
    public async Task Whoever_is_called_all_the_time_keeps_nobody_from_looking_in_time()
    {
        var busy = new Scripted(Long) { IsEndless = true };
        busy.OnLook = () => _watch.Call(busy);
        var other = new Scripted(TimeSpan.FromMilliseconds(1), Long);
        _watch.Add(other);
        _watch.Add(busy);

        Assert.True(await other.NextLookAsync());
        Assert.False(await other.NextLookAsync());
        busy.IsEndless = false;
    }

    [Fact]
    public async Task However_often_it_is_called_before_its_time_a_session_is_looked_after()
    {
        var session = new Scripted(Long) { IsEndless = true };
        _watch.Add(session);
        await session.NextLookAsync();

        for (var i = 0; i < 1000; i++)
        {
            _watch.Call(session);
            Assert.True(await session.NextLookAsync());
        }
    }

    /// <summary>Sessions come and go while others call them: after the last call of each there is a look, and none after its end.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task No_call_is_lost_and_nobody_is_looked_after_who_has_gone(int seed)
    {
        var callers = Enumerable.Range(0, 4).Select(caller => Task.Run(() => Call(new Random((seed * 100) + caller)))).ToArray();

        var sessions = (await Task.WhenAll(callers).OrHang()).SelectMany(each => each).ToArray();

        foreach (var session in sessions)
        {
            session.End();
            _watch.Call(session);
            await session.Gone.OrHang(() => $"seed {seed}: a session was not told that it is over");
        }

        Assert.All(sessions, session => Assert.Equal(0, session.LooksAfterEnd));
        var last = new Scripted([null]);
        _watch.Add(last);
        Assert.True(await last.NextLookAsync());
    }

    private List<Counting> Call(Random random)
    {
        List<Counting> sessions = [];
        for (var i = 0; i < 5000; i++)
        {
            if (sessions.Count < 20 || random.Next(50) == 0)
            {
                sessions.Add(new Counting(random.Next()));
                _watch.Add(sessions[^1]);
            }

            var session = sessions[random.Next(sessions.Count)];
            if (random.Next(100) == 0)
            {
                session.End();
            }

            session.Ask();
            _watch.Call(session);
            if (random.Next(20) == 0)
            {
                Assert.True(SpinWait.SpinUntil(() => session.IsAnswered, Waits.Limit), "a call was lost");
            }
        }

        return sessions;
    }

    /// <summary>Answers at random and remembers what it was asked before its last look.</summary>
    private sealed class Counting(int seed) : WatchedSession
    {
        private readonly Random _random = new(seed);
        private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private long _asked;
        private long _answered;
        private volatile bool _isOver;

        public int LooksAfterEnd { get; private set; }

        public Task Gone => _gone.Task;

        public bool IsAnswered => Gone.IsCompleted || Volatile.Read(ref _answered) >= Volatile.Read(ref _asked);

        public void Ask() => Interlocked.Increment(ref _asked);

        public void End() => _isOver = true;

        public override TimeSpan? Look(bool isCalled)
        {
            LooksAfterEnd += Gone.IsCompleted ? 1 : 0;
            Volatile.Write(ref _answered, Volatile.Read(ref _asked));
            if (_isOver)
            {
                _gone.TrySetResult();
                return null;
            }

            return _random.Next(4) == 0 ? Long : TimeSpan.FromMilliseconds(_random.Next(10));
        }
    }

    /// <summary>Answers its looks one after the other as it was told.</summary>
    private sealed class Scripted(params TimeSpan?[] answers) : WatchedSession
    {
        private readonly System.Threading.Channels.Channel<bool> _looks = System.Threading.Channels.Channel.CreateUnbounded<bool>();
        private int _next;

        public Action OnLook { get; set; } = () => { };

        /// <summary>Whether it begins anew with its answers.</summary>
        public volatile bool IsEndless;

        public override TimeSpan? Look(bool isCalled)
        {
            OnLook();
            _looks.Writer.TryWrite(isCalled);
            var answer = _next < answers.Length ? answers[_next] : null;
            _next = IsEndless ? (_next + 1) % answers.Length : _next + 1;
            return answer;
        }

        /// <returns>Whether it was called to it.</returns>
        public Task<bool> NextLookAsync() => _looks.Reader.ReadAsync().AsTask().OrHang();
    }
}
