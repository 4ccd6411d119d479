using System.Diagnostics;
using System.Globalization;
using Grid.Chaos.Load;

namespace Grid.Chaos.Site;

/// <summary>This program again, as a client. It ends by itself when its input does.</summary>
internal sealed class ClientProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;

    private ClientProcess(string name, Process process)
    {
        Name = name;
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
    }

    public string Name { get; }

    public static ClientProcess Start(ChaosSite site, string name, int seed)
    {
        string[] command =
        [
            "dotnet", Path.Combine(AppContext.BaseDirectory, "Grid.Chaos.dll"), "client", site.ClientUrl(name), "--name", name,
            "--seed", seed.ToString(CultureInfo.InvariantCulture), "--folder", site.RecordFolder,
        ];
        string[] all = site.ClientNamespace is { } @namespace ? ["ip", "netns", "exec", @namespace, .. command] : command;
        var start = new ProcessStartInfo(all[0], all[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (key, value) in site.Environment)
        {
            start.Environment[key] = value;
        }

        return new ClientProcess(name, Process.Start(start) ?? throw new InvalidOperationException($"{all[0]} did not start."));
    }

    /// <summary>Waits until it works.</summary>
    /// <exception cref="InvalidOperationException">It ended instead.</exception>
    public async Task ConnectedAsync(CancellationToken ct)
    {
        if (await _process.StandardOutput.ReadLineAsync(ct) != ClientProgram.Connected)
        {
            throw new InvalidOperationException($"{Name} did not connect:\n{await _errors.WaitAsync(ct)}");
        }
    }

    /// <summary>Has it submit nothing more and waits until nothing is open.</summary>
    /// <returns>What went wrong; <see langword="null"/> when all came to an end in time.</returns>
    public async Task<string?> FinishAsync(CancellationToken ct)
    {
        try
        {
            await _process.StandardInput.WriteLineAsync(ClientProgram.Finish.AsMemory(), ct);
            await _process.StandardInput.FlushAsync(ct);
            return await _process.StandardOutput.ReadLineAsync(ct) == ClientProgram.Finished ? null : $"{Name} ended by itself: {await _errors.WaitAsync(ct)}";
        }
        catch (OperationCanceledException)
        {
            return $"{Name} still waited for results when its time was over";
        }
        catch (IOException)
        {
            return $"{Name} ended by itself: {await _errors.WaitAsync(CancellationToken.None)}";
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
        await _errors;
        _process.Dispose();
    }
}
