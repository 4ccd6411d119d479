using Grid.Testing.ZooKeeper;

namespace Grid.ZooKeeper.Tests.Server;

/// <summary>Clients for tests on real servers.</summary>
internal static class Clients
{
    /// <summary>No test waits for a session of this length to expire, so a busy machine must not make it.</summary>
    private const double TimeoutSecondsUsual = 30;

    public static ZooKeeperOptions Options(string connectString, double timeoutSeconds = TimeoutSecondsUsual) => new()
    {
        ConnectString = connectString,
        SessionTimeout = TimeSpan.FromSeconds(timeoutSeconds),
        ShuffleServers = false,
        Seed = 1,
    };

    public static Task<ZooKeeperClient> ConnectAsync(string connectString, double timeoutSeconds = TimeoutSecondsUsual) =>
        ZooKeeperClient.ConnectAsync(Options(connectString, timeoutSeconds)).OrHang();

    /// <summary>A client whose root is a new, empty node.</summary>
    public static async Task<ZooKeeperClient> InOwnChrootAsync(ZooKeeperServers servers, double timeoutSeconds = TimeoutSecondsUsual) =>
        await ConnectAsync(servers.ConnectString + await MakeChrootAsync(servers), timeoutSeconds);

    public static async Task<string> MakeChrootAsync(ZooKeeperServers servers)
    {
        await using var root = await ConnectAsync(servers.ConnectString);
        return await root.CreateAsync("/test-", null, CreateMode.PersistentSequential);
    }
}
