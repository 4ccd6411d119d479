using System.Diagnostics;

namespace Grid.ZooKeeper.Tests.Server;

/// <summary>The command line client of the ZooKeeper package: a check by somebody else's code.</summary>
internal static class IndependentClient
{
    /// <summary>The interactive mode would need jline, which Debian does not ship; a single command does not.</summary>
    private const string ClassPath =
        "/usr/share/java/zookeeper.jar:/usr/share/java/netty-codec.jar:/usr/share/java/netty-resolver.jar:/usr/share/java/netty-transport-native-unix-common.jar:"
        + "/usr/share/java/commons-cli.jar:/usr/share/java/slf4j-nop.jar";

    public static void SkipIfAbsent() => Skip.IfNot(File.Exists("/usr/share/java/commons-cli.jar"), "zkCli needs the jars of the Debian package, commons-cli among them");

    /// <summary>Runs one command and returns what it prints.</summary>
    public static async Task<string> RunAsync(string server, params string[] command)
    {
        var start = new ProcessStartInfo("java", ["-XX:TieredStopAtLevel=1", "-cp", ClassPath, "org.apache.zookeeper.ZooKeeperMain", "-server", server, .. command])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().OrHang(() => $"zkCli {string.Join(' ', command)} does not end");
        return await output + await errors;
    }
}
