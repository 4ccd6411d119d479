using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Grid.Chaos.Site;

/// <summary>
/// The workers and what was done to each. Orders for one worker are carried out in their order, those for different workers side by side; a worker that ends although nobody told it
/// to is a surprise. Orders come from one owner.
/// </summary>
internal sealed class WorkerFleet(ChaosSite site, ILogger logger) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<int, GuardedProcess> _processes = new();
    private readonly Dictionary<int, Task> _orders = [];
    private readonly ConcurrentQueue<string> _surprises = new();

    /// <summary>What went wrong by itself.</summary>
    public IReadOnlyCollection<string> Surprises => _surprises;

    public void Start(int worker) => Order(worker, () => StartAsync(worker));

    public void Signal(int worker, string signal) => Order(worker, () => Checked(worker).SignalAsync(signal));

    /// <summary>SIGKILL.</summary>
    public void Kill(int worker) => Order(worker, () => EndAsync(worker, "KILL", expected: 128 + 9));

    /// <summary>SIGTERM: it drains, leaves and ends by itself.</summary>
    public void Leave(int worker) => Order(worker, () => EndAsync(worker, "TERM", expected: 0));

    /// <summary>All workers that run, told to leave.</summary>
    public void LeaveAll()
    {
        foreach (var worker in _orders.Keys.ToArray())
        {
            Order(worker, () => _processes.ContainsKey(worker) ? EndAsync(worker, "TERM", expected: 0) : Task.CompletedTask);
        }
    }

    /// <summary>Waits until all orders are carried out.</summary>
    public Task SettleAsync() => Task.WhenAll(_orders.Values);

    public async ValueTask DisposeAsync()
    {
        await SettleAsync();
        foreach (var process in _processes.Values)
        {
            await process.DisposeAsync();
        }
    }

    private void Order(int worker, Func<Task> order)
    {
        var before = _orders.GetValueOrDefault(worker, Task.CompletedTask);
        _orders[worker] = After();

        async Task After()
        {
            await before;
            try
            {
                await order();
            }
            catch (Exception exception) when (exception is OperationCanceledException or InvalidOperationException or IOException)
            {
                Surprise(worker, exception.Message);
            }
        }
    }

    private async Task StartAsync(int worker)
    {
        using var patience = new CancellationTokenSource(Patience);
        var process = _processes[worker] = site.StartWorker(worker);
        if (!await process.UntilAsync("ready:", patience.Token))
        {
            Surprise(worker, "it ended instead of starting");
        }
    }

    private async Task EndAsync(int worker, string signal, int expected)
    {
        using var patience = new CancellationTokenSource(Patience);
        await using var process = Checked(worker);
        _processes.TryRemove(worker, out _);
        await process.SignalAsync(signal);
        await process.WaitAsync(patience.Token);
        if (process.ExitCode != expected)
        {
            Surprise(worker, $"after SIG{signal} it ended with {process.ExitCode}");
        }
    }

    /// <summary>The process of a worker, which nobody has told to end.</summary>
    private GuardedProcess Checked(int worker)
    {
        var process = _processes[worker];
        if (process.HasEnded)
        {
            Surprise(worker, $"it ended by itself with {process.ExitCode}");
        }

        return process;
    }

    private void Surprise(int worker, string what)
    {
        var text = $"{ChaosSite.WorkerName(worker)}: {what}; see {ChaosSite.WorkerName(worker)}.log";
        _surprises.Enqueue(text);
        ChaosLog.Surprise(logger, text);
    }
}
