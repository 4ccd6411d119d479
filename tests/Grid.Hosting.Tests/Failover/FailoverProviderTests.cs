using Grid.Failover;
using Grid.Hosting.Tests.Configuration;
using Microsoft.Extensions.Configuration;

namespace Grid.Hosting.Tests.Failover;

/// <summary>The sections of the failover providers.</summary>
public sealed class FailoverProviderTests
{
    [Fact]
    public void Lists_of_types_are_read_from_the_configuration()
    {
        var made = Make("ByExceptionType", ("Retry:0", "System.IO.IOException"), ("Give:0", "System.IO.FileNotFoundException"), ("BackOff", "00:00:01"));

        Assert.True(Assert.IsType<ByExceptionType>(made).RetriesExceptions);
    }

    [Theory]
    [InlineData("ByExceptionType", "Give:0", "System.Exception", "Grid:Failover:ByExceptionType:Retry: the list is empty")]
    [InlineData("Always", "BackOff", "5", "Grid:Failover:Always:BackOff: '5' is not accepted.")]
    [InlineData("Always", "BackOf", "00:00:05", "Grid:Failover:Always:BackOf: the key is unknown. Did you mean BackOff?")]
    [InlineData("Never", "BackOff", "00:00:05", "Grid:Failover:Never:BackOff: the key is unknown.")]
    public void What_is_wrong_in_a_section_is_told(string provider, string key, string value, string expected)
    {
        var exception = Assert.Throws<GridConfigurationException>(() => Make(provider, (key, value)));

        Assert.Contains(exception.Problems, problem => problem.StartsWith(expected, StringComparison.Ordinal));
    }

    private static Spi.IFailoverSpi Make(string provider, params (string Key, string Value)[] settings)
    {
        var section = Settings.Create([.. settings.Select(setting => ($"Failover:{provider}:{setting.Key}", (string?)setting.Value))]).GetSection($"Failover:{provider}");
        return BuiltInProviders.Create().Failover[provider](section, new NoServices());
    }

    private sealed class NoServices : IServiceProvider
    {
        public object? GetService(Type serviceType) => null;
    }
}
