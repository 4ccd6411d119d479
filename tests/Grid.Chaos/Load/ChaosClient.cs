using System.Globalization;
using Grid.Chaos.Record;

namespace Grid.Chaos.Load;

/// <summary>
/// Gives a grid work in all its forms, without a pause, until it is told to finish; then waits for what is open. Says in the record what it submitted and what came back. Some
/// loops run side by side; each has chance of its own.
/// </summary>
internal sealed class ChaosClient(IGrid grid, string name, int seed, string folder)
{
    /// <summary>With a fault every few seconds, one task in some thousands uses up the default of five.</summary>
    private const int AttemptsMax = 20;

    private const int NumberMost = 1_000_000;
    private const int JobNumbers = 2_000;
    private const int ComputationNumbers = 200_000;
    private const int StreamItems = 25;
    private const int ReduceItems = 40;
    private readonly INodeGroup _nodes = grid.With(new JobOptions { MaxAttempts = AttemptsMax });
    private readonly INodeGroup _nodesOnce = grid.With(new JobOptions { MaxAttempts = AttemptsMax, IsIdempotent = false });
    private readonly PrimeTable _table = new(NumberMost);
    private readonly RecordFile _record = RecordFile.In(folder);
    private long _made;

    /// <summary>Works until the token says to finish.</summary>
    public Task RunAsync(CancellationToken finish) => Task.WhenAll(
    [
        .. Enumerable.Range(0, 6).Select(number => LoopAsync(number, CallAsync, finish)),
        .. Enumerable.Range(6, 2).Select(number => LoopAsync(number, CallOnceAsync, finish)),
        LoopAsync(8, StreamAsync, finish),
        LoopAsync(9, ReduceAsync, finish),
        LoopAsync(10, ForkAsync, finish),
    ]);

    private async Task LoopAsync(int number, Func<Random, Task> step, CancellationToken finish)
    {
        await Task.Yield();
        for (var random = new Random(SeedOf(number)); !finish.IsCancellationRequested;)
        {
            await step(random);
        }
    }

    private int SeedOf(int number) => unchecked((seed * 31) + number);

    private Task CallAsync(Random random) => CallAsync(_nodes, TaskKind.Call, random);

    private Task CallOnceAsync(Random random) => CallAsync(_nodesOnce, TaskKind.Once, random);

    private async Task CallAsync(INodeGroup nodes, TaskKind kind, Random random)
    {
        var order = NewOrder(kind, random);
        try
        {
            Take(order, await nodes.CallAsync(context => Task.FromResult(PrimeJob.Run(order))));
        }
        catch (Exception exception)
        {
            Fail(order.Task, exception);
        }
    }

    private async Task StreamAsync(Random random)
    {
        var orders = Enumerable.Range(0, StreamItems).Select(_ => NewOrder(TaskKind.Stream, random)).ToDictionary(order => order.Task, StringComparer.Ordinal);
        try
        {
            await foreach (var outcome in _nodes.StreamAsync(orders.Values.ToAsyncEnumerable(), PrimeJob.Run))
            {
                Take(orders[outcome.Task], outcome);
            }
        }
        catch (Exception exception)
        {
            foreach (var task in orders.Keys)
            {
                Fail(task, exception);
            }
        }
    }

    private async Task ReduceAsync(Random random)
    {
        var task = NewTask(TaskKind.Reduce);
        var first = random.Next(1, NumberMost - (ReduceItems * JobNumbers));
        var starts = Enumerable.Range(0, ReduceItems).Select(item => first + (item * JobNumbers));
        try
        {
            var primes = await _nodes.MapReduceAsync(starts, start => PrimeJob.Count(start, JobNumbers), 0, (sum, count) => sum + count);
            Take(task, attempt: 0, primes == _table.Count(first, ReduceItems * JobNumbers));
        }
        catch (Exception exception)
        {
            Fail(task, exception);
        }
    }

    private async Task ForkAsync(Random random)
    {
        var task = NewTask(TaskKind.Fork);
        var first = random.Next(1, NumberMost - ComputationNumbers);
        try
        {
            var primes = await _nodes.InvokeAsync(new PrimeSplit(first, ComputationNumbers));
            Take(task, attempt: 0, primes == _table.Count(first, ComputationNumbers));
        }
        catch (Exception exception)
        {
            Fail(task, exception);
        }
    }

    private Order NewOrder(TaskKind kind, Random random)
    {
        // Most are short; one in twenty outlives a session's timeout, so that a worker which is taken for dead is found at work when it wakes up.
        var hold = random.Next(20) == 0 ? TimeSpan.FromSeconds(1 + (5 * random.NextDouble())) : TimeSpan.FromMilliseconds(random.Next(250));
        return new Order(NewTask(kind), random.Next(1, NumberMost - JobNumbers), JobNumbers, hold, folder);
    }

    private string NewTask(TaskKind kind)
    {
        var task = string.Create(CultureInfo.InvariantCulture, $"{kind}-{name}-{Interlocked.Increment(ref _made)}");
        _record.Write(new Entry(EntryKind.Submitted, task, 0, name));
        return task;
    }

    private void Take(Order order, Outcome outcome) => Take(order.Task, outcome.Attempt, outcome.Task == order.Task && outcome.Primes == _table.Count(order.First, order.Count));

    private void Take(string task, int attempt, bool isRight) => _record.Write(new Entry(isRight ? EntryKind.Delivered : EntryKind.DeliveredWrong, task, attempt, name));

    private void Fail(string task, Exception exception) => _record.Write(new Entry(EntryKind.Failed, task, 0, $"{exception.GetType().Name}: {exception.Message}"));
}
