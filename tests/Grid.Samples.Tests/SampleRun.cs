using System.Diagnostics;

namespace Grid.Samples.Tests;

/// <summary>A process that was run to its end, the way a user would run it.</summary>
internal sealed record SampleRun(int ExitCode, string Output, string Errors)
{
    private static readonly TimeSpan HangGuard = TimeSpan.FromMinutes(3);

    /// <summary>Runs the sample of that name with its output redirected.</summary>
    public static Task<SampleRun> OfSampleAsync(string sample, params string[] arguments) =>
        OfAsync("dotnet", [Path.Combine(AppContext.BaseDirectory, sample + ".dll"), .. arguments]);

    public static async Task<SampleRun> OfAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        using var hang = new CancellationTokenSource(HangGuard);
        try
        {
            await process.WaitForExitAsync(hang.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{program} {string.Join(' ', arguments)} did not end within {HangGuard}. It printed:\n{await output}\n{await errors}");
        }

        return new SampleRun(process.ExitCode, await output, await errors);
    }
}
