using System.Diagnostics;

namespace Grid.Benchmarks;

/// <summary>The second process of a measurement: this program again, in a role. It says one line when it is ready and ends when its input does.</summary>
internal sealed class PeerProcess : IDisposable
{
    /// <summary>The first argument of such a process; what it is to be follows.</summary>
    public const string Role = "--peer";

    private readonly Process _process;

    private PeerProcess(Process process, string ready)
    {
        _process = process;
        Ready = ready;
    }

    /// <summary>What the process said: usually the port it listens at.</summary>
    public string Ready { get; }

    public static async Task<PeerProcess> StartAsync(params string[] role)
    {
        var start = ThisProgram([Role, .. role]);
        start.RedirectStandardOutput = start.RedirectStandardInput = true;
        var process = Process.Start(start) ?? throw new InvalidOperationException("The second process did not start.");
        var ready = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException($"The second process ({string.Join(' ', role)}) ended before it was ready.");
        return new PeerProcess(process, ready);
    }

    /// <summary>How to start this program again.</summary>
    public static ProcessStartInfo ThisProgram(string[] args)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!);
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Add(typeof(PeerProcess).Assembly.Location);
        }

        Array.ForEach(args, start.ArgumentList.Add);
        return start;
    }

    /// <summary>Asks the process something and reads the one line that it answers.</summary>
    public async Task<string> AskAsync(string question)
    {
        await _process.StandardInput.WriteLineAsync(question);
        await _process.StandardInput.FlushAsync();
        return await _process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The second process ended before it answered.");
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
