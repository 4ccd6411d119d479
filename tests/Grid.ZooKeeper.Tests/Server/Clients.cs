using Grid.Testing.ZooKeeper;

namespace Grid.ZooKeeper.Tests.Server;

/// <summary>Clients for tests on real servers.</summary>
internal static class Clients
{
    public static ZooKeeperOptions Options(string connectString, double timeoutSeconds = 10) => new()
    {
        ConnectString = connectString,
        SessionTimeout = TimeSpan.FromSeconds(timeoutSeconds),
        ShuffleServers = false,
        Seed = 1,
    };

    public static Task<ZooKeeperClient> ConnectAsync(string connectString, double timeoutSeconds = 10) =>
        ZooKeeperClient.ConnectAsync(Options(connectString, timeoutSeconds)).OrHang();

    /// <summary>A client whose root is a new, empty node.</summary>
    public static async Task<ZooKeeperClient> InOwnChrootAsync(ZooKeeperServers servers, double timeoutSeconds = 10) =>
        await ConnectAsync(servers.ConnectString + await MakeChrootAsync(servers), timeoutSeconds);

    public static async Task<string> MakeChrootAsync(ZooKeeperServers servers)
    {
        await using var root = await ConnectAsync(servers.ConnectString);
        return await root.CreateAsync("/test-", null, CreateMode.PersistentSequential);
    }
}
