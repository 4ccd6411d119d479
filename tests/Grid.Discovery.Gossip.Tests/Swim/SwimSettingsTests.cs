using Grid.Discovery.Gossip.Swim;
using Xunit;

namespace Grid.Discovery.Gossip.Tests.Swim;

public sealed class SwimSettingsTests
{
    [Theory]
    [InlineData(1, 4.0)]
    [InlineData(10, 4.0)]
    [InlineData(100, 8.0)]
    [InlineData(1000, 12.0)]
    public void The_least_suspicion_grows_with_the_logarithm_of_the_group(int nodes, double seconds) =>
        Assert.Equal(seconds, new SwimSettings().SuspicionMin(nodes).TotalSeconds, 3);

    [Theory]
    [InlineData(0, 48.0)]
    [InlineData(1, 22.763)]
    [InlineData(2, 8.0)]
    [InlineData(9, 8.0)]
    public void Each_independent_accuser_shortens_the_suspicion(int confirmed, double seconds) =>
        Assert.Equal(seconds, new SwimSettings().SuspicionTimeout(100, confirmed).TotalSeconds, 2);

    [Fact]
    public void Without_enough_others_to_confirm_the_least_time_is_in_force() =>
        Assert.Equal(TimeSpan.FromSeconds(4), new SwimSettings().SuspicionTimeout(3, 0));

    [Theory]
    [InlineData(1, 4)]
    [InlineData(9, 4)]
    [InlineData(99, 8)]
    [InlineData(100, 12)]
    public void Retransmissions_grow_with_the_logarithm_of_the_group(int nodes, int times) => Assert.Equal(times, new SwimSettings().RetransmitMax(nodes));
}
