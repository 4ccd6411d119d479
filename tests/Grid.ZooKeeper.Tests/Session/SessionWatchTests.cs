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
