namespace Grid.ZooKeeper.Tests.Session;

/// <summary>A clock that stands until a test moves it.</summary>
internal sealed class SetTime : TimeProvider
{
    private long _now = 1;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _now;

    public void Advance(TimeSpan by) => _now += by.Ticks;
}
