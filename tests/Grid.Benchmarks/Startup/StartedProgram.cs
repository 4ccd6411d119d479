using System.Diagnostics;

namespace Grid.Benchmarks.Startup;

/// <summary>A program that was started for the time that it takes until it says something.</summary>
internal sealed class StartedProgram : IAsyncDisposable
{
    private readonly Process _process;

    private StartedProgram(Process process, double milliseconds)
    {
        _process = process;
        Milliseconds = milliseconds;
    }

    /// <summary>From before it was started until it had said the line, or had ended.</summary>
    public double Milliseconds { get; }

    /// <summary>Starts a program and waits for a line that begins with a text; without a text, for its end.</summary>
    public static async Task<StartedProgram> StartAsync(string program, string? awaited, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var since = Stopwatch.GetTimestamp();
        var process = Process.Start(start)!;
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (awaited is not null && line.StartsWith(awaited, StringComparison.Ordinal))
            {
                return new StartedProgram(process, Stopwatch.GetElapsedTime(since).TotalMilliseconds);
            }
        }

        await process.WaitForExitAsync();
        return awaited is null
            ? new StartedProgram(process, Stopwatch.GetElapsedTime(since).TotalMilliseconds)
            : throw new InvalidOperationException($"{program} ended with {process.ExitCode} before it said '{awaited}'.");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            using var term = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
            await term.WaitForExitAsync();
        }

        await _process.StandardOutput.ReadToEndAsync();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
