using System.Diagnostics;
using System.Globalization;

namespace Grid.ZooKeeper.Tests.Server;

/// <summary>The client program in a process of its own.</summary>
internal sealed class ClientProcess : IDisposable
{
    private readonly Process _process;
    private readonly List<string> _lines = [];

    private ClientProcess(Process process) => _process = process;

    public IReadOnlyList<string> Lines => _lines;

    public static ClientProcess Start(string connectString, int timeoutMilliseconds, params string[] arguments)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Grid.ZooKeeper.Tests.Client.dll");
        var start = new ProcessStartInfo("dotnet", [program, connectString, timeoutMilliseconds.ToString(CultureInfo.InvariantCulture), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        };
        return new ClientProcess(Process.Start(start)!);
    }

    /// <summary>Reads what the program prints until a line fits.</summary>
    public async Task UntilAsync(Func<string, bool> fits)
    {
        while (true)
        {
            var line = await _process.StandardOutput.ReadLineAsync().OrHang(() => string.Join(" | ", _lines))
                ?? throw new InvalidOperationException($"The program ended after: {string.Join(" | ", _lines)}");
            _lines.Add(line);
            if (fits(line))
            {
                return;
            }
        }
    }

    public Task PauseAsync() => SignalAsync("STOP");

    public Task ContinueAsync() => SignalAsync("CONT");

    /// <summary>Ends the program's input, which is its sign to end.</summary>
    public void EndInput() => _process.StandardInput.Close();

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("bash", ["-c", $"kill -{signal} {_process.Id}"]);
        await kill.WaitForExitAsync().OrHang();
        Assert.Equal(0, kill.ExitCode);
    }
}
