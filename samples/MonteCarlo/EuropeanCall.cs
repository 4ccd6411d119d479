namespace Grid.Samples.MonteCarlo;

/// <summary>The right to buy a share at the strike when the term is over, under the model of Black and Scholes (1973).</summary>
/// <param name="Spot">The share's price now.</param>
/// <param name="Strike">What it may be bought for.</param>
/// <param name="Rate">The riskless interest per year, continuously compounded: 0.03 is 3 %.</param>
/// <param name="Volatility">The standard deviation of the share's logarithmic return per year.</param>
/// <param name="Years">The term.</param>
internal sealed record EuropeanCall(double Spot, double Strike, double Rate, double Volatility, double Years)
{
    /// <summary>The exact price, which the simulation is measured against.</summary>
    public double ClosedForm()
    {
        var spread = Volatility * Math.Sqrt(Years);
        var d1 = (Math.Log(Spot / Strike) + ((Rate + (Volatility * Volatility / 2)) * Years)) / spread;
        return (Spot * Normal.Cumulative(d1)) - (Strike * Discount * Normal.Cumulative(d1 - spread));
    }

    /// <summary>
    /// Simulates a block of paths. The block's number alone selects its random numbers, so the result is the same on whichever node it runs.
    /// Each draw is used with both signs (antithetic variates): a pair is one sample.
    /// </summary>
    public BlockSum Simulate(int block, int pairs, ulong seed)
    {
        var random = Xoshiro256.ForStream(seed, (ulong)block);
        var drift = Spot * Math.Exp((Rate - (Volatility * Volatility / 2)) * Years);
        var spread = Volatility * Math.Sqrt(Years);
        var (sum, squares) = (0.0, 0.0);
        for (var i = 0; i < pairs; i++)
        {
            var growth = Math.Exp(spread * Normal.Draw(ref random));
            var value = Discount * (Payoff(drift * growth) + Payoff(drift / growth)) / 2;
            sum += value;
            squares += value * value;
        }

        return new BlockSum(pairs, sum, squares);
    }

    private double Discount => Math.Exp(-Rate * Years);

    private double Payoff(double price) => Math.Max(price - Strike, 0);
}
