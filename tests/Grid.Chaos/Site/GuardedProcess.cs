using System.Diagnostics;
using System.Globalization;
using System.Threading.Channels;

namespace Grid.Chaos.Site;

/// <summary>
/// A process that a shell watches: when this one is gone, however it ended, the shell kills it. Its errors go to a file, its lines can be waited for, and it is
/// signalled by its own number.
/// </summary>
internal sealed class GuardedProcess : IAsyncDisposable
{
    private const string Script =
        """
        exec 3<&0 2>/dev/null
        log=$1; shift
        "$@" </dev/null 3<&- 2>>"$log" &
        child=$!
        echo "pid $child"
        { read -r line <&3; kill -KILL "$child"; } >/dev/null &
        guard=$!
        wait "$child"; code=$?
        kill "$guard"
        exit "$code"
        """;

    private readonly Process _shell;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Task _reading;
    private readonly TaskCompletionSource<string> _pid = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private GuardedProcess(Process shell, string log)
    {
        _shell = shell;
        Log = log;
        _reading = ReadAsync();
    }

    /// <summary>Where its errors are.</summary>
    public string Log { get; }

    public bool HasEnded => _shell.HasExited;

    /// <summary>What it ended with; 128 and the signal's number when a signal ended it.</summary>
    public int ExitCode => _shell.ExitCode;

    /// <summary>Starts a command, in a network namespace if one is named.</summary>
    public static GuardedProcess Start(string? @namespace, string log, IReadOnlyDictionary<string, string> environment, params IEnumerable<string> command)
    {
        string[] guarded = ["sh", "-c", Script, "guard", log, .. command];
        string[] all = @namespace is null ? guarded : ["ip", "netns", "exec", @namespace, .. guarded];
        var start = new ProcessStartInfo(all[0], all[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var name in start.Environment.Keys.Where(IsGrids).ToArray())
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new GuardedProcess(Process.Start(start) ?? throw new InvalidOperationException($"{all[0]} did not start."), log);
    }

    /// <summary>Waits for a line of its output; <see langword="false"/> when it ends before.</summary>
    public async Task<bool> UntilAsync(string beginning, CancellationToken ct)
    {
        await foreach (var line in _lines.Reader.ReadAllAsync(ct))
        {
            if (line.StartsWith(beginning, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Sends a signal, unless it has ended.</summary>
    public async Task SignalAsync(string signal)
    {
        if (!HasEnded)
        {
            using var kill = Process.Start(new ProcessStartInfo("kill", [$"-{signal}", await _pid.Task]) { RedirectStandardError = true });
            await kill!.WaitForExitAsync();
        }
    }

    /// <summary>Waits for its end and the end of its output.</summary>
    public async Task WaitAsync(CancellationToken ct)
    {
        await _shell.WaitForExitAsync(ct);
        await _reading.WaitAsync(ct);
    }

    public async ValueTask DisposeAsync()
    {
        _shell.StandardInput.Close(); // The guard kills what still runs.
        await _shell.WaitForExitAsync();
        await _reading;
        _shell.Dispose();
    }

    private static bool IsGrids(string variable) => variable.StartsWith("GRID_", StringComparison.OrdinalIgnoreCase) || variable.StartsWith("Grid__", StringComparison.OrdinalIgnoreCase);

    private async Task ReadAsync()
    {
        while (await _shell.StandardOutput.ReadLineAsync() is { } line)
        {
            if (!_pid.Task.IsCompleted && line.Split(' ') is ["pid", var pid] && int.TryParse(pid, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            {
                _pid.SetResult(pid);
            }
            else
            {
                _lines.Writer.TryWrite(line);
            }
        }

        _pid.TrySetException(new InvalidOperationException("The shell did not tell the number of its process."));
        _ = _pid.Task.Exception; // Whoever signals sees it; nobody needs to.
        _lines.Writer.TryComplete();
    }
}
