using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Threading.Channels;

namespace Grid.Cli.Tests;

/// <summary>The command <c>grid</c> in a process of its own. Ended by its id, if it has not ended by itself.</summary>
internal sealed class GridProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly Process _process;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();
    private readonly Lock _gate = new();
    private readonly Task _reading;

    private GridProcess(Process process)
    {
        _process = process;
        _reading = Task.WhenAll(ReadAsync(process.StandardOutput, _output), ReadAsync(process.StandardError, _errors));
    }

    public int Id => _process.Id;

    /// <summary>Starts it with a clean environment: nothing of the machine's own grid configuration counts.</summary>
    public static GridProcess Start(IReadOnlyDictionary<string, string> environment, params string[] arguments) => StartProgram("grid", environment, arguments);

    /// <summary>Starts another program of this folder in the same way.</summary>
    public static GridProcess StartProgram(string program, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        // A shell starts what runs behind it with SIGINT ignored, and so would everything below it be; env puts that back and becomes the program.
        var start = new ProcessStartInfo("env", ["--default-signal=INT", "dotnet"]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetTempPath() };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("GRID_", StringComparison.OrdinalIgnoreCase) || name.StartsWith("Grid__", StringComparison.OrdinalIgnoreCase)).ToList())
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, program + ".dll"));
        Array.ForEach(arguments, start.ArgumentList.Add);
        return new GridProcess(Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start."));
    }

    /// <summary>Runs it to its end.</summary>
    public static async Task<GridResult> RunAsync(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        await using var process = Start(environment, arguments);
        return await process.WaitAsync();
    }

    public async Task<GridResult> WaitAsync()
    {
        try
        {
            await _process.WaitForExitAsync().WaitAsync(Patience);
            await _reading.WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"grid did not end within {Patience}. It said:\n{Describe()}");
        }

        return new GridResult(_process.ExitCode, _output.ToString(), _errors.ToString());
    }

    /// <summary>Waits for a line on either stream.</summary>
    public async Task<string> UntilAsync(Func<string, bool> isWanted)
    {
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            await foreach (var line in _lines.Reader.ReadAllAsync(limit.Token))
            {
                if (isWanted(line))
                {
                    return line;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Told below.
        }

        throw new TimeoutException($"grid ended or was silent before it said what was waited for. It said:\n{Describe()}");
    }

    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        Assert.Equal(0, kill.ExitCode);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        await _reading;
        _process.Dispose();
    }

    private string Describe()
    {
        lock (_gate)
        {
            return $"{_output}{_errors}";
        }
    }

    private async Task ReadAsync(StreamReader reader, StringBuilder target)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (_gate)
            {
                target.Append(line).Append('\n');
            }

            _lines.Writer.TryWrite(line);
        }
    }
}
