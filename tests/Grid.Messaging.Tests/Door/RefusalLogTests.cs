using Grid.Communication.Tcp.Tests;
using Grid.Messaging.Handshake;
using Grid.Messaging.Links;
using Grid.Testing;

namespace Grid.Messaging.Tests;

public sealed class RefusalLogTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly RecordedLog _log = new();

    private int Lines => _log.Of(1003).Count;

    public void Dispose() => _log.Dispose();

    [Fact]
    public void A_source_is_logged_once_per_minute_whatever_its_port()
    {
        var refusals = new RefusalLog(_log, _time);

        refusals.Write("10.0.0.1:1000", Refusal.NotGrid, "");
        refusals.Write("10.0.0.1:1001", Refusal.NotGrid, "");
        refusals.Write("[fe80::1]:1000", Refusal.NotGrid, "");
        refusals.Write("[fe80::1]:1001", Refusal.NotGrid, "");
        Assert.Equal(2, Lines);

        _time.Advance(TimeSpan.FromMinutes(1));
        refusals.Write("10.0.0.1:1002", Refusal.NotGrid, "");
        Assert.Equal(3, Lines);
    }

    [Fact]
    public void More_sources_than_the_table_holds_share_one_line_per_minute()
    {
        var refusals = new RefusalLog(_log, _time, sourcesMax: 10);

        for (var minute = 1; minute <= 2; minute++)
        {
            for (var source = 0; source < 1000; source++)
            {
                refusals.Write($"10.{minute}.{source / 256}.{source % 256}:1", Refusal.NotGrid, "");
            }

            Assert.Equal(11 * minute, Lines);
            _time.Advance(TimeSpan.FromMinutes(1));
        }
    }
}
