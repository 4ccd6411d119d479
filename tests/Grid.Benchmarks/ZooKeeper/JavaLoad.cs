using System.Diagnostics;
using System.Globalization;

namespace Grid.Benchmarks.ZooKeeper;

/// <summary>Debian's Java client under the same loads, in a process of its own, compiled in the run.</summary>
internal static class JavaLoad
{
    private const string ClassPath =
        "/usr/share/java/zookeeper.jar:/usr/share/java/netty-codec.jar:/usr/share/java/netty-resolver.jar:/usr/share/java/netty-transport-native-unix-common.jar:/usr/share/java/slf4j-nop.jar";

    /// <summary>Runs all loads.</summary>
    /// <returns>One measurement per load, or <see langword="null"/> with the reason when Java is not there.</returns>
    public static async Task<(Measurement[]? Results, string Reason)> RunAsync(string server, IReadOnlyList<Load> loads)
    {
        var folder = Directory.CreateTempSubdirectory("grid-bench-java-").FullName;
        try
        {
            var source = Path.Combine(AppContext.BaseDirectory, "ZooKeeper", "ZooKeeperLoad.java");
            if (await ExecuteAsync("javac", ["-cp", ClassPath, "-d", folder, source]) is not { Code: 0 } compiled)
            {
                return (null, "javac or the ZooKeeper jars are not installed");
            }

            var arguments = loads.SelectMany(load => new[] { load.IsWrite ? "write" : "read", $"{load.InFlight}", $"{load.Operations}" });
            var run = await ExecuteAsync("java", ["-Xmx512m", "-cp", $"{folder}:{ClassPath}", "ZooKeeperLoad", server, .. arguments]);
            return run is { Code: 0 } ? (Parse(run.Value.Output), "") : (null, $"the Java client failed: {run?.Output}");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Measurement[] Parse(string output) => output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => line.Split(' ').Select(number => double.Parse(number, CultureInfo.InvariantCulture)).ToArray())
        .Select(numbers => new Measurement(numbers[0], numbers[1], numbers[2], -1)).ToArray();

    private static async Task<(int Code, string Output)?> ExecuteAsync(string program, IEnumerable<string> arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
            var output = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            return (process.ExitCode, output);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
