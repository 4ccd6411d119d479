using System.Diagnostics;
using System.Globalization;

namespace Grid.Benchmarks.ForkJoin;

/// <summary>The same computation in Java's ForkJoinPool, compiled in the run.</summary>
internal static class JavaFib
{
    /// <summary>The median times per fork in nanoseconds.</summary>
    /// <returns>Of a RecursiveAction and of a RecursiveTask; null with the reason when Java is not there.</returns>
    public static async Task<((double Action, double Task)? Result, string Reason)> RunAsync(int n, int threads, int rounds)
    {
        var folder = Directory.CreateTempSubdirectory("grid-bench-java-").FullName;
        try
        {
            var source = Path.Combine(AppContext.BaseDirectory, "ForkJoin", "Fib.java");
            if (await ExecuteAsync("javac", ["-d", folder, source]) is not { Code: 0 })
            {
                return (null, "javac is not installed");
            }

            var run = await ExecuteAsync("java", ["-Xmx512m", "-cp", folder, "Fib", $"{n}", $"{threads}", $"{rounds}"]);
            if (run is not { Code: 0 } || run.Value.Output.Trim().Split(' ') is not [var action, var task])
            {
                return (null, $"the Java program failed: {run?.Output}");
            }

            return ((double.Parse(action, CultureInfo.InvariantCulture), double.Parse(task, CultureInfo.InvariantCulture)), "");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

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
