using Grid.ZooKeeper.Session;
using Grid.ZooKeeper.Wire;

namespace Grid.ZooKeeper.Tests.Session;

public sealed class SessionMachineTests
{
    private static readonly TimeSpan T = TimeSpan.FromSeconds(6);
    private static readonly ZooKeeperOptions Options = new() { SessionTimeout = T, TimeProvider = TimeProvider.System, NudgeAfter = TimeSpan.FromMilliseconds(100) };
    private readonly SessionMachine _machine = new(Options);

    [Fact]
    public void It_begins_connecting_without_session_and_without_a_fence()
    {
        Assert.Equal(new SessionStatus(SessionState.Connecting, 0, TimeSpan.Zero, false, "started"), _machine.Status);
        Assert.Equal(SessionEffect.None, _machine.OnTick(At(1000), default).Effects);
        Assert.Equal(0, _machine.FenceAt(At(5)));
    }

    [Fact]
    public void A_granted_session_is_published_when_the_connection_is_prepared()
    {
        Assert.Equal(SessionEffect.None, _machine.OnAnswered(Granted()));
        Assert.Equal(SessionState.Connecting, _machine.State);
        Assert.Equal(SessionEffect.Publish, _machine.OnConnected("server"));
        Assert.Equal((SessionState.Connected, 7L, T), (_machine.State, _machine.Status.SessionId, _machine.Status.Timeout));
    }

    [Fact]
    public void A_loss_suspends_once_and_a_failed_attempt_changes_nothing()
    {
        Connect();
        Assert.Equal(SessionEffect.Publish, _machine.OnLost("cut"));
        Assert.Equal(SessionEffect.None, _machine.OnLost("refused"));
        Assert.Equal((SessionState.Suspended, "cut"), (_machine.State, _machine.Reason));
    }

    [Fact]
    public void An_answer_without_timeout_is_the_end()
    {
        Connect();
        _machine.OnLost("cut");
        Assert.Equal(SessionEffect.Publish | SessionEffect.EndSession, _machine.OnAnswered(new ConnectResponse(TimeSpan.Zero, 0, [])));
        Assert.Equal(SessionEffect.None, _machine.OnClosed());
        Assert.Equal(SessionEffect.None, _machine.OnConnected("late"));
        Assert.Equal(SessionState.Expired, _machine.State);
    }

    [Theory]
    [InlineData(999, false)]
    [InlineData(1000, true)]
    public void A_ping_goes_out_when_nothing_was_sent_for_a_sixth_of_the_timeout(int milliseconds, bool isDue)
    {
        Connect();
        var tick = _machine.OnTick(At(milliseconds), new LinkActivity { LastSentAt = At(0), LastReceivedAt = At(0), LastAnsweredSentAt = At(0) });
        Assert.Equal(isDue ? SessionEffect.SendPing : SessionEffect.None, tick.Effects);
        Assert.Equal(isDue ? At(milliseconds) : At(1000), tick.NextAt);
    }

    [Theory]
    [InlineData(1999, false)]
    [InlineData(2000, true)]
    public void Silence_for_a_third_of_the_timeout_while_something_is_awaited_is_death(int milliseconds, bool isDead)
    {
        Connect();
        var activity = new LinkActivity
        {
            LastSentAt = At(800),
            LastReceivedAt = At(0),
            LastAnsweredSentAt = At(0),
            OldestPingSentAt = At(900),
            LastPingSentAt = At(900),
            PingsUnanswered = 1,
        };
        Assert.Equal(isDead ? SessionEffect.DropLink : SessionEffect.SendPing, _machine.OnTick(At(milliseconds), activity).Effects);
    }

    [Fact]
    public void After_a_pause_of_the_process_what_was_just_sent_gets_its_chance()
    {
        Connect();
        var activity = new LinkActivity { LastSentAt = At(3000), LastReceivedAt = At(0), LastAnsweredSentAt = At(0), OldestRequestSentAt = At(3000) };
        Assert.Equal(SessionEffect.None, _machine.OnTick(At(3001), activity).Effects);
        Assert.Equal(SessionEffect.DropLink, _machine.OnTick(At(4000), activity with { LastSentAt = At(4000) }).Effects & SessionEffect.DropLink);
    }

    [Theory]
    [InlineData(3599, false)]
    [InlineData(3600, true)]
    public void It_is_fenced_six_tenths_of_the_timeout_after_the_last_answered_request_was_sent(int milliseconds, bool isFenced)
    {
        Connect();
        _machine.OnLost("cut");
        var tick = _machine.OnTick(At(milliseconds), new LinkActivity { LastAnsweredSentAt = At(0) });
        Assert.Equal(isFenced, _machine.IsFenced);
        Assert.Equal(isFenced ? SessionEffect.Publish : SessionEffect.None, tick.Effects);
        Assert.Equal(SessionEffect.None, _machine.OnTick(At(milliseconds), new LinkActivity { LastAnsweredSentAt = At(0) }).Effects);
    }

    [Fact]
    public void A_nudge_follows_each_tenth_of_a_second_of_waiting()
    {
        Connect();
        var waiting = new LinkActivity { LastSentAt = At(0), LastReceivedAt = At(0), LastAnsweredSentAt = At(0), OldestRequestSentAt = At(0) };
        Assert.Equal(At(100), _machine.OnTick(At(99), waiting).NextAt);
        Assert.Equal(SessionEffect.SendPing, _machine.OnTick(At(100), waiting).Effects);
        var nudged = waiting with { LastSentAt = At(100), LastPingSentAt = At(100) };
        Assert.Equal((SessionEffect.None, At(200)), (_machine.OnTick(At(199), nudged).Effects, _machine.OnTick(At(199), nudged).NextAt));
        Assert.Equal(SessionEffect.None, _machine.OnTick(At(200), nudged with { PingsUnanswered = 64 }).Effects);
    }

    [Fact]
    public void What_waits_for_a_connection_longer_than_the_timeout_is_stale()
    {
        var tick = _machine.OnTick(At(5999), new LinkActivity { OldestQueuedAt = At(0) });
        Assert.Equal((SessionEffect.None, At(6000)), (tick.Effects, tick.NextAt));
        Assert.Equal(SessionEffect.FailStaleQueued, _machine.OnTick(At(6000), new LinkActivity { OldestQueuedAt = At(0) }).Effects);
    }

    [Fact]
    public void A_session_granted_shorter_shortens_all_its_times()
    {
        _machine.OnAnswered(Granted() with { Timeout = T / 2 });
        _machine.OnConnected("server");
        Assert.Equal(At(1800), _machine.FenceAt(At(0)));
        Assert.Equal(At(500), _machine.OnTick(At(1), new LinkActivity { LastSentAt = At(0), LastAnsweredSentAt = At(0) }).NextAt);
    }

    private static ConnectResponse Granted() => new(T, 7, [1, 2]);

    /// <summary>A moment after an arbitrary start, as a timestamp; the start is not 0, which means never.</summary>
    private static long At(int milliseconds) => SessionTimings.Units(TimeSpan.FromSeconds(1000) + TimeSpan.FromMilliseconds(milliseconds), TimeProvider.System);

    private void Connect()
    {
        _machine.OnAnswered(Granted());
        _machine.OnConnected("server");
    }
}
