using System.Diagnostics;
using System.Globalization;
using System.Threading.Channels;

namespace Grid.Cluster.Tests;

/// <summary>A node in a process of its own. What it says is read line by line; it is ended by its id.</summary>
internal sealed class WorkerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly Process _process;
    private readonly Channel<string> _news = Channel.CreateUnbounded<string>();
    private readonly List<string> _facts = [];
    private readonly Task _reading;
    private int _forgotten;

    private WorkerProcess(string name, Process process)
    {
        Name = name;
        _process = process;
        _reading = Task.WhenAll(ReadAsync(process.StandardOutput), ReadAsync(process.StandardError));
    }

    public string Name { get; }

    /// <summary>What was read so far, in order.</summary>
    public IReadOnlyList<string> Facts
    {
        get
        {
            Drain();
            return _facts;
        }
    }

    /// <summary>The changes of the topology that it reported since <see cref="ForgetChanges"/>.</summary>
    public IEnumerable<string> Changes => Facts.Skip(_forgotten).Where(fact => fact.StartsWith("change ", StringComparison.Ordinal));

    /// <summary>The number of the process.</summary>
    public string ProcessId => _process.Id.ToString(CultureInfo.InvariantCulture);

    /// <summary>Starts a node.</summary>
    public static WorkerProcess Start(WorkerSettings settings)
    {
        string[] arguments =
        [
            "dotnet", Path.Combine(AppContext.BaseDirectory, "Grid.Cluster.Worker.dll"),
            "--Grid:Discovery:Provider=ZooKeeper", $"--Grid:Discovery:ZooKeeper:ConnectionString={settings.ConnectString}",
            string.Create(CultureInfo.InvariantCulture, $"--Grid:Discovery:ZooKeeper:SessionTimeout={settings.SessionTimeout:c}"),
            $"--Grid:Cluster={settings.Cluster}", $"--Grid:Node:Name={settings.Name}", "--Grid:Node:Slots=2",
            $"--Grid:Communication:Tcp:Listen={settings.Listen}", $"--Grid:Security:ClusterSecret={settings.Secret}",
            $"--client={(settings.IsClient ? "true" : "false")}",
        ];

        // The command ip becomes the program, so the process has one number all the time.
        string[] command = settings.Namespace.Length == 0 ? arguments : ["ip", "netns", "exec", settings.Namespace, .. arguments];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return new WorkerProcess(settings.Name, Process.Start(start) ?? throw new InvalidOperationException($"{command[0]} did not start."));
    }

    public void ForgetChanges() => _forgotten = Facts.Count;

    public void Order(string line) => _process.StandardInput.WriteLine(line);

    /// <summary>Waits for a fact; those that were read before count too.</summary>
    public Task<string> UntilAsync(string beginning) => UntilAsync(beginning, after: 0);

    /// <summary>Waits for a fact after so many others.</summary>
    public async Task<string> UntilAsync(string beginning, int after)
    {
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            while (true)
            {
                if (Facts.Skip(after).FirstOrDefault(fact => fact.StartsWith(beginning, StringComparison.Ordinal)) is { } found)
                {
                    return found;
                }

                await _news.Reader.WaitToReadAsync(limit.Token);
            }
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"{Name} did not say '{beginning}' within {Patience}. It said:\n{string.Join('\n', _facts)}");
        }
    }

    /// <summary>How many calls have succeeded and failed.</summary>
    public async Task<(int Succeeded, int Failed)> CallsAsync()
    {
        var after = Facts.Count;
        Order("calls");
        var words = (await UntilAsync("calls ", after)).Split(' ');
        return (int.Parse(words[1], CultureInfo.InvariantCulture), int.Parse(words[2], CultureInfo.InvariantCulture));
    }

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGSTOP or SIGCONT.</summary>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", ProcessId]);
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

    private void Drain()
    {
        while (_news.Reader.TryRead(out var fact))
        {
            _facts.Add(fact);
        }
    }

    private async Task ReadAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            _news.Writer.TryWrite(line);
        }
    }
}
