using Grid.Samples.MonteCarlo;

namespace Grid.Samples.Tests.MonteCarlo;

public sealed class OptionPricingTests
{
    [Fact]
    public void The_closed_form_gives_the_price_of_the_textbook()
    {
        // Hull, "Options, Futures, and Other Derivatives", example on Black and Scholes: 4.76.
        var option = new EuropeanCall(Spot: 42, Strike: 40, Rate: 0.1, Volatility: 0.2, Years: 0.5);

        Assert.Equal(4.759422, option.ClosedForm(), tolerance: 1e-6);
    }

    [Theory]
    [InlineData(0, 0.5)]
    [InlineData(1, 0.84134474606854293)]
    [InlineData(-1.959963984540054, 0.025)]
    [InlineData(-6, 9.865876450376946e-10)]
    public void The_normal_distribution_is_exact(double x, double expected) => Assert.Equal(expected, Normal.Cumulative(x), tolerance: 1e-15);

    [Fact]
    public void The_generator_gives_the_numbers_of_its_authors()
    {
        var random = new Xoshiro256(1, 2, 3, 4);

        Assert.Equal([11520UL, 0UL, 1509978240UL, 1215971899390074240UL], [random.Next(), random.Next(), random.Next(), random.Next()]);
    }

    [Fact]
    public void A_block_is_the_same_whenever_it_is_simulated_and_unlike_its_neighbour()
    {
        var option = new EuropeanCall(100, 105, 0.03, 0.2, 1);

        Assert.Equal(option.Simulate(7, 1000, seed: 1), option.Simulate(7, 1000, seed: 1));
        Assert.NotEqual(option.Simulate(7, 1000, seed: 1), option.Simulate(8, 1000, seed: 1));
        Assert.NotEqual(option.Simulate(7, 1000, seed: 1), option.Simulate(7, 1000, seed: 2));
    }

    [Fact]
    public void The_error_is_what_the_standard_error_promises()
    {
        var option = new EuropeanCall(100, 105, 0.03, 0.2, 1);

        var scores = Enumerable.Range(0, 200).Select(block => option.Simulate(block, 2000, seed: 3)).Select(sum => (sum.Mean - option.ClosedForm()) / sum.StandardError).ToList();

        // 200 scores of a standard normal: mean within 4 / sqrt(200), mean square within 1 +- 4 sqrt(2 / 200).
        Assert.InRange(scores.Average(), -0.283, 0.283);
        Assert.InRange(scores.Average(score => score * score), 0.6, 1.4);
    }

    [Fact]
    public void Convergence_keeps_a_step_per_doubling_and_the_last()
    {
        var convergence = new Convergence();
        for (var i = 0; i < 6; i++)
        {
            convergence.Add(new BlockSum(10, 1, 1));
        }

        Assert.Equal([10, 20, 40, 60], convergence.Steps.Select(step => step.Samples));
    }
}
