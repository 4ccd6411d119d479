namespace Grid.Cli.Tests;

public sealed class SurveyTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>The answer took two seconds and was there at noon; others may have kept the survey waiting after that.</summary>
    [Theory]
    [InlineData(0, 0)]
    [InlineData(-2, 0)]
    [InlineData(-5, -3)]
    [InlineData(4, 4)]
    public void A_clock_differs_by_what_the_time_of_the_answer_does_not_explain(int shownSeconds, int expectedSeconds)
    {
        var report = new NodeReport { Clock = Noon.AddSeconds(shownSeconds) };
        var surveyed = new SurveyedNode(new NodeInfo { Id = new NodeId(1), Name = "worker-1" }, report, null, TimeSpan.FromSeconds(2), Noon);

        Assert.Equal(TimeSpan.FromSeconds(expectedSeconds), surveyed.ClockAhead);
    }
}
