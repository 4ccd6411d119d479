using System.Diagnostics;
using System.Globalization;

namespace Grid.Benchmarks.ForkJoin;

/// <summary>The same computation in Java's ForkJoinPool, compiled in the run; round by round, so that what disturbs the machine disturbs both.</summary>
internal sealed class JavaFib : IDisposable
{
    private readonly Process _process;

    private JavaFib(Process process) => _process = process;

    /// <summary>Compiles the program and starts it.</summary>
    /// <returns>Null when the machine has no JDK.</returns>
    public static async Task<JavaFib?> TryStartAsync(int n, int threads, string folder)
    {
        try
        {
            var source = Path.Combine(AppContext.BaseDirectory, "Java", "Fib.java");
            using var compiler = Process.Start(new ProcessStartInfo("javac", ["-d", folder, source]))!;
            await compiler.WaitForExitAsync();
            if (compiler.ExitCode != 0)
            {
                return null;
            }

            return new JavaFib(Process.Start(
                new ProcessStartInfo("java", ["-Xmx512m", "-cp", folder, "Fib", $"{n}", $"{threads}"]) { RedirectStandardInput = true, RedirectStandardOutput = true })!);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    /// <summary>Runs one round.</summary>
    /// <returns>The nanoseconds per fork of a RecursiveAction and of a RecursiveTask.</returns>
    public async Task<(double Action, double Task)> RunRoundAsync()
    {
        await _process.StandardInput.WriteLineAsync();
        await _process.StandardInput.FlushAsync();
        var answer = await _process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The Java program ended before it answered.");
        var times = answer.Split(' ').Select(time => double.Parse(time, CultureInfo.InvariantCulture)).ToArray();
        return (times[0], times[1]);
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(10)))
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
