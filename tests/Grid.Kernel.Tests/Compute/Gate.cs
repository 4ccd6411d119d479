using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Grid.Kernel.Tests.Compute;

/// <summary>
/// Lets a test meet a job in the same process. Jobs get copies of what they capture, so the meeting place is found by name.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "Gates live as long as the process.")]
internal sealed class Gate
{
    private static readonly TimeSpan HangGuard = TimeSpan.FromSeconds(30);
    private static readonly ConcurrentDictionary<string, Gate> Gates = new();

    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _arrivals = new(0);
    private int _count;

    /// <summary>How many jobs have arrived.</summary>
    public int Count => Volatile.Read(ref _count);

    public static Gate Named(string name) => Gates.GetOrAdd(name, _ => new Gate());

    /// <summary>A name that no other test uses.</summary>
    public static string NewName() => Guid.NewGuid().ToString();

    /// <summary>The job is here; it blocks its thread until the gate is open.</summary>
    public void ArriveAndBlock()
    {
        Arrive();
        Assert.True(_open.Task.Wait(HangGuard), "the test did not open the gate");
    }

    /// <summary>The job is here; it awaits the opening.</summary>
    public async Task ArriveAndAwaitAsync()
    {
        Arrive();
        await _open.Task.WaitAsync(HangGuard);
    }

    public void Arrive()
    {
        Interlocked.Increment(ref _count);
        _arrivals.Release();
    }

    /// <summary>The test waits for that many more jobs.</summary>
    public async Task WaitForArrivalsAsync(int count = 1)
    {
        for (var i = 0; i < count; i++)
        {
            Assert.True(await _arrivals.WaitAsync(HangGuard), $"only {Count} jobs arrived");
        }
    }

    public void Open() => _open.TrySetResult();
}
