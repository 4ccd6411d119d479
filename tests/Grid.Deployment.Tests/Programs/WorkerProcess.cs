using System.Diagnostics;
using System.Globalization;
using System.Threading.Channels;
using Grid.Deployment.Worker;
using Grid.Kernel.Deployment;
using Grid.Kernel.Lifecycle;

namespace Grid.Deployment.Tests.Programs;

/// <summary>A worker in a process of its own. Ended by its id.</summary>
internal sealed class WorkerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private readonly Process _process;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly List<string> _said = [];
    private readonly Task _reading;

    private WorkerProcess(Process process)
    {
        _process = process;
        _reading = Task.WhenAll(ReadAsync(process.StandardOutput), ReadAsync(process.StandardError));
    }

    /// <summary>How it is told to others.</summary>
    public NodeInfo Node { get; private set; } = null!;

    public static async Task<WorkerProcess> StartAsync(
        string cache, int contextsMax = 64, bool codeShipping = true, string name = "worker", IReadOnlyList<WorkerProcess>? others = null)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        string[] arguments =
        [
            Path.Combine(AppContext.BaseDirectory, "Grid.Deployment.Worker.dll"), name, cache, contextsMax.ToString(CultureInfo.InvariantCulture), codeShipping.ToString(),
            .. (others ?? []).Select(other => TestNode.Describe(other.Node)),
        ];
        Array.ForEach(arguments, start.ArgumentList.Add);
        var worker = new WorkerProcess(Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start."));
        var ready = await worker.UntilAsync("ready ", 0);
        worker.Node = TestNode.Parse(ready["ready ".Length..], (others?.Count ?? 0) + 1);
        return worker;
    }

    /// <summary>A client that knows some workers; of a program that ships its code.</summary>
    public static Task<GridRuntime> ConnectAsync(params WorkerProcess[] workers) => ConnectAsync(new DeploymentOptions(), workers);

    public static Task<GridRuntime> ConnectAsync(DeploymentOptions options, params WorkerProcess[] workers) =>
        TestNode.StartAsync("client", isClient: true, options, [.. workers.Select(worker => worker.Node)]);

    public Task<WorkerStats> StatsAsync() => AskAsync("stats");

    /// <summary>After a full collection.</summary>
    public Task<WorkerStats> CollectAsync() => AskAsync("collect");

    /// <summary>Collects until a condition holds; gives the last figures back when it does not in three minutes.</summary>
    public async Task<WorkerStats> CollectUntilAsync(Func<WorkerStats, bool> isEnough)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        var stats = await CollectAsync();
        while (!isEnough(stats) && !limit.IsCancellationRequested)
        {
            stats = await CollectAsync();
        }

        return stats;
    }

    /// <summary>Everything that it said with these words at the beginning.</summary>
    public IReadOnlyList<string> Said(string beginning)
    {
        Drain();
        return [.. _said.Where(line => line.StartsWith(beginning, StringComparison.Ordinal))];
    }

    /// <summary>Waits until it has said something with these words at the beginning.</summary>
    public Task<string> UntilAsync(string beginning) => UntilAsync(beginning, 0);

    /// <summary>Waits until it has said so many things with these words at the beginning.</summary>
    public async Task UntilSaidAsync(string beginning, int times)
    {
        var after = 0;
        for (var i = 0; i < times; i++)
        {
            var line = await UntilAsync(beginning, after);
            after = _said.IndexOf(line, after) + 1;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
        }

        await _reading;
        _process.Dispose();
    }

    private async Task<WorkerStats> AskAsync(string order)
    {
        Drain();
        var after = _said.Count;
        await _process.StandardInput.WriteLineAsync(order);
        await _process.StandardInput.FlushAsync();
        return WorkerStats.Parse(await UntilAsync("stats ", after));
    }

    private async Task<string> UntilAsync(string beginning, int after)
    {
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            while (true)
            {
                Drain();
                if (_said.Skip(after).FirstOrDefault(line => line.StartsWith(beginning, StringComparison.Ordinal)) is { } found)
                {
                    return found;
                }

                Assert.True(await _lines.Reader.WaitToReadAsync(limit.Token), $"The worker ended. It said:\n{string.Join('\n', _said)}");
            }
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"The worker did not say '{beginning}' within {Patience}. It said:\n{string.Join('\n', _said)}");
        }
    }

    private void Drain()
    {
        while (_lines.Reader.TryRead(out var line))
        {
            _said.Add(line);
        }
    }

    private async Task ReadAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            _lines.Writer.TryWrite(line);
        }
    }
}
