using Grid.Failover;
using Grid.Spi;
using Grid.Testing;

namespace Grid.Hosting.Tests.Failover;

public sealed class ByExceptionTypeConformanceTests : FailoverConformance
{
    private static readonly string[] Timeout = ["System.TimeoutException", "System.SystemException", "System.Exception"];

    [Theory]
    [InlineData("System.TimeoutException", "", true)]
    [InlineData("System.SystemException", "", true)]
    [InlineData("System.SystemException", "System.TimeoutException", false)]
    [InlineData("System.TimeoutException", "System.Exception", true)]
    [InlineData("System.IO.IOException", "", false)]
    public void The_closest_type_that_is_listed_decides(string retried, string given, bool isRetry)
    {
        var provider = new ByExceptionType(1, [retried], [given]);

        Assert.Equal(isRetry, provider.Decide(Request(AttemptFailureKind.Threw) with { ExceptionTypes = Timeout }).IsRetry);
        Assert.True(provider.Decide(Request(AttemptFailureKind.Lost)).IsRetry);
    }

    [Fact]
    public void A_type_in_both_lists_is_refused() => Assert.Contains(
        "System.Exception", Assert.Throws<ArgumentException>(() => new ByExceptionType(1, ["System.Exception"], ["System.Exception"])).Message, StringComparison.Ordinal);

    protected override IFailoverSpi Create() => new ByExceptionType(1, ["My.Error1", "System.TimeoutException"], ["My.Error2"]);
}
