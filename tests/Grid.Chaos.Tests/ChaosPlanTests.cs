using Grid.Chaos.Plan;

namespace Grid.Chaos.Tests;

public sealed class ChaosPlanTests
{
    private const int Plans = 200;
    private static readonly FaultKind[] Cuts = [FaultKind.CutFromRegistry, FaultKind.CutFromPeers, FaultKind.CutOff];

    public static TheoryData<int, bool> Sizes => new() { { 3, true }, { 4, true }, { 4, false }, { 9, true } };

    [Fact]
    public void The_same_seed_gives_the_same_plan_and_another_seed_another()
    {
        Fault[] plan = [.. ChaosPlan.Create(Settings(7))];

        Assert.Equal(plan, ChaosPlan.Create(Settings(7)).ToArray());
        Assert.NotEqual(plan, ChaosPlan.Create(Settings(8)).ToArray());
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void At_every_moment_enough_workers_are_left_alone_and_one_server_is_away_at_most(int workers, bool hasNetwork)
    {
        for (var seed = 0; seed < Plans; seed++)
        {
            var settings = Settings(seed) with { Workers = workers, HasNetwork = hasNetwork };
            var plan = ChaosPlan.Create(settings);
            foreach (var fault in plan)
            {
                var open = plan.Where(other => other.At <= fault.At && other.End > fault.At).ToArray();
                Assert.Equal(open.Length, open.Select(other => other.Worker).Distinct().Count());
                Assert.InRange(open.Count(other => other.Worker >= 0 && other.Worker < workers), 0, workers / 2);
                Assert.InRange(open.Count(other => Cuts.Contains(other.Kind)), 0, hasNetwork ? 1 : 0);
                Assert.True(fault.End <= settings.Length, $"seed {seed}: {fault} is not made good before the end.");
            }
        }
    }

    [Fact]
    public void A_minute_has_every_kind_of_fault()
    {
        for (var seed = 0; seed < Plans; seed++)
        {
            var kinds = ChaosPlan.Create(Settings(seed)).Select(fault => fault.Kind).Distinct().Order();

            Assert.Equal(Enum.GetValues<FaultKind>(), kinds);
        }
    }

    [Fact]
    public void A_stall_ends_before_the_session_and_a_freeze_after_it()
    {
        var settings = Settings(3) with { Length = TimeSpan.FromHours(1) };
        var plan = ChaosPlan.Create(settings);

        Assert.All(plan.Where(fault => fault.Kind == FaultKind.Stall), stall => Assert.InRange(stall.Length, TimeSpan.Zero, settings.SessionTimeout / 2));
        Assert.All(plan.Where(fault => fault.Kind == FaultKind.Freeze), freeze => Assert.True(freeze.Length > settings.SessionTimeout));
    }

    [Fact]
    public void Workers_that_join_are_others_than_those_that_were_there()
    {
        var settings = Settings(5) with { Length = TimeSpan.FromHours(1) };

        Assert.All(ChaosPlan.Create(settings), fault => Assert.Equal(fault.Kind == FaultKind.Join, fault.Worker >= settings.Workers));
    }

    private static PlanSettings Settings(int seed) => new() { Seed = seed, Length = TimeSpan.FromMinutes(1) };
}
