using Grid.Testing;

namespace Grid.Messaging.Tests;

/// <summary>Waits for conditions that other threads bring about.</summary>
internal static class Eventually
{
    /// <summary>Waits until a condition holds.</summary>
    public static async Task HoldsAsync(Func<bool> condition, Func<string> state)
    {
        using var guard = new CancellationTokenSource(TestNode.Guard);
        while (!condition())
        {
            Assert.False(guard.IsCancellationRequested, $"Still waiting: {state()}");
            await Task.Yield();
        }
    }

    /// <summary>Advances a manual clock in steps until a condition holds.</summary>
    public static Task HoldsAsync(ManualTimeProvider time, TimeSpan step, Func<bool> condition, Func<string> state) => HoldsAsync(
        () =>
        {
            if (condition())
            {
                return true;
            }

            time.Advance(step);
            return false;
        },
        state);
}
