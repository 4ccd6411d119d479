using Grid.Testing;

namespace Grid.Communication.Tcp.Tests;

public sealed class RefusedSourcesTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public void A_source_is_logged_once_per_minute()
    {
        var sources = new RefusedSources(_time);

        Assert.True(sources.ShouldLog("10.0.0.1"));
        Assert.False(sources.ShouldLog("10.0.0.1"));
        Assert.True(sources.ShouldLog("10.0.0.2"));
        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.True(sources.ShouldLog("10.0.0.1"));
    }

    [Fact]
    public void More_sources_than_the_table_holds_share_one_line_per_minute()
    {
        var sources = new RefusedSources(_time, sourcesMax: 10);

        Assert.Equal(11, Enumerable.Range(0, 1000).Count(number => sources.ShouldLog($"10.0.{number / 256}.{number % 256}")));
        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(11, Enumerable.Range(0, 1000).Count(number => sources.ShouldLog($"10.1.{number / 256}.{number % 256}")));
    }
}
