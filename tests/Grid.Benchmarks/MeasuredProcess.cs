using System.Diagnostics;

namespace Grid.Benchmarks;

/// <summary>
/// The process that measures. The runtime sizes the youngest generation of its collector by the processor's cache; where the system does not tell that (some virtual machines), it
/// takes 2 MB, and all threads stop hundreds of times a second. There this program starts itself again with 128 MB, about what Java takes for its youngest generation beside it. Only the
/// environment can say so.
/// </summary>
internal static class MeasuredProcess
{
    private const string Variable = "DOTNET_GCgen0size";
    private const string Size = "0x8000000";
    private const string AsItIs = "--runtime-defaults";
    private const string Cache = "/sys/devices/system/cpu/cpu0/cache/index3/size";

    /// <summary>Runs a suite here, or in a process of its own.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        if (args is [AsItIs, .. var rest])
        {
            return await Suites.RunAsync(rest);
        }

        // A second process is as the first one is; and what starts a worker the way users do has nothing set for it.
        if (args is [PeerProcess.Role or Suites.StartupName, ..] || !OperatingSystem.IsLinux() || File.Exists(Cache) || Environment.GetEnvironmentVariable(Variable) is not null)
        {
            return await Suites.RunAsync(args);
        }

        Console.WriteLine($"This machine does not tell the size of its cache: measured with {Variable}={Size} (128 MB). {AsItIs} before the suite's name leaves it at 2 MB.");
        var start = PeerProcess.ThisProgram(args);
        start.Environment[Variable] = Size;
        using var process = Process.Start(start) ?? throw new InvalidOperationException("The measuring process did not start.");
        await process.WaitForExitAsync();
        return process.ExitCode;
    }
}
