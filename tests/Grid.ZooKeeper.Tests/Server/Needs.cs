using Grid.Testing.ZooKeeper;

namespace Grid.ZooKeeper.Tests.Server;

/// <summary>Without a server the tests fail where they must run (CI=true) and are skipped with the reason elsewhere.</summary>
internal static class Needs
{
    public static ZooKeeperServers Servers(ZooKeeperServers? servers)
    {
        if (servers is not null)
        {
            return servers;
        }

        var reason = ZooKeeperServers.Absence() ?? "the servers did not start";
        if (string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase))
        {
            Assert.Fail($"This lane needs ZooKeeper: {reason}.");
        }

        Skip.If(true, reason);
        throw new InvalidOperationException("Skip.If has thrown.");
    }
}
