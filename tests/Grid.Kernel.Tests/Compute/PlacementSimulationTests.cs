using Xunit.Abstractions;

namespace Grid.Kernel.Tests.Compute;

/// <summary>A cold burst of jobs on nodes of which nothing is known yet.</summary>
[Trait("Lane", "pure")]
public sealed class PlacementSimulationTests(ITestOutputHelper output)
{
    private static readonly (int Slots, double Speed)[] OneIsTenTimesSlower = [(4, 1), (4, 1), (4, 1), (4, 0.1)];

    [Theory]
    [InlineData(100, 0.2)]
    [InlineData(10, 0.2)]
    [InlineData(5, 0.2)]
    [InlineData(30, 1)]
    public void A_thousand_jobs_on_four_nodes_of_which_one_is_ten_times_slower_take_at_most_1_3_times_the_ideal(double jobMs, double answerMs)
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            var simulation = new PlacementSimulation(seed, TimeSpan.FromMilliseconds(answerMs), OneIsTenTimesSlower);

            var ratio = simulation.Run(1000, TimeSpan.FromMilliseconds(jobMs)) / simulation.Ideal(1000, TimeSpan.FromMilliseconds(jobMs));

            output.WriteLine($"jobs of {jobMs} ms, seed {seed}: {ratio:0.00} times the ideal; {string.Join(" ", simulation.Ran)}");
            Assert.InRange(ratio, 1, 1.3);
        }
    }

    [Theory]
    [InlineData(0.02, 0.2)]
    [InlineData(0.2, 0.2)]
    [InlineData(1, 5)]
    public void Many_short_jobs_keep_all_nodes_busy(double jobMs, double answerMs)
    {
        var jobs = (int)(2_000 / jobMs);
        var simulation = new PlacementSimulation(1, TimeSpan.FromMilliseconds(answerMs), (4, 1), (4, 1), (4, 1), (4, 0.5));

        var ratio = simulation.Run(jobs, TimeSpan.FromMilliseconds(jobMs)) / simulation.Ideal(jobs, TimeSpan.FromMilliseconds(jobMs));

        output.WriteLine($"jobs of {jobMs} ms, answers of {answerMs} ms: {ratio:0.00} times the ideal");
        Assert.InRange(ratio, 1, 1.3);
    }
}
