using System.Diagnostics;

namespace Grid.Benchmarks;

/// <summary>
/// The process that measures, with the collector that a worker for such work should have. Only the environment can set some of it, so this program starts itself again; whoever
/// has set one of the variables is left alone.
/// </summary>
/// <remarks>
/// The runtime sizes the collector's youngest generation by the processor's cache. Where the system does not tell that (some virtual machines), it takes 2 MB, and all threads stop hundreds of
/// times a second. There it gets 128 MB, about what Java takes beside it, and no background thread: with both, large arguments are half as fast, because their memory is new to the
/// system each time. Fork/join tasks are allocated by all threads at once, and the workstation collector has one heap for them all: two threads allocate together no more than one alone.
/// </remarks>
internal static class MeasuredProcess
{
    private const string AsItIs = "--runtime-defaults";
    private const string Cache = "/sys/devices/system/cpu/cpu0/cache/index3/size";
    private static readonly (string Name, string Value)[] Unsized = [("DOTNET_GCgen0size", "0x8000000"), ("DOTNET_gcConcurrent", "0")];
    private static readonly (string Name, string Value)[] HeapPerCore = [("DOTNET_gcServer", "1"), ("DOTNET_GCDynamicAdaptationMode", "0")];

    /// <summary>Runs a suite here, or in a process of its own.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        if (args is [AsItIs, .. var rest])
        {
            return await Suites.RunAsync(rest);
        }

        var settings = SettingsFor(args);
        if (settings.Length == 0 || Array.Exists(settings, setting => Environment.GetEnvironmentVariable(setting.Name) is not null))
        {
            return await Suites.RunAsync(args);
        }

        Console.WriteLine($"Measured with {string.Join(' ', settings.Select(setting => $"{setting.Name}={setting.Value}"))}; without, by {AsItIs} before the suite's name.");
        var start = PeerProcess.ThisProgram(args);
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start) ?? throw new InvalidOperationException("The measuring process did not start.");
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    /// <summary>A second process is as the first one is; and what starts a worker the way users do has nothing set for it.</summary>
    private static (string Name, string Value)[] SettingsFor(string[] args) => args is [] or [PeerProcess.Role or Suites.StartupName, ..]
        ? []
        : [.. OperatingSystem.IsLinux() && !File.Exists(Cache) ? Unsized : [], .. args[0] == Suites.ForkJoinName ? HeapPerCore : []];
}
