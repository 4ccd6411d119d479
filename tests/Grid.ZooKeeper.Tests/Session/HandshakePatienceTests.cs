using Grid.ZooKeeper.Session;

namespace Grid.ZooKeeper.Tests.Session;

public sealed class HandshakePatienceTests
{
    [Theory]
    [InlineData(10, 1, 1, 1)]
    [InlineData(1.5, 3, 1, 0.5)]
    [InlineData(0.2, 5, 1, 0.1)]
    [InlineData(10, 1, 2, 2)]
    [InlineData(1.5, 3, 3, 2)]
    [InlineData(10, 1, 5, 16)]
    [InlineData(10, 1, 1000, 16)]
    public void It_is_a_share_of_the_session_and_doubles_while_there_is_none(double sessionSeconds, int servers, int rounds, double expectedSeconds) =>
        Assert.Equal(TimeSpan.FromSeconds(expectedSeconds), HandshakePatience.For(TimeSpan.FromSeconds(sessionSeconds), servers, rounds));
}
