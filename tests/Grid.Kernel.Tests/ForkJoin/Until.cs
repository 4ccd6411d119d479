namespace Grid.Kernel.Tests.ForkJoin;

/// <summary>Waits for what a node counts, which tells nobody when it changes. The limit only guards against a hang.</summary>
internal static class Until
{
    public static async Task HoldsAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!condition())
        {
            Assert.False(limit.IsCancellationRequested, "what was waited for has not come");
            await Task.Yield();
        }
    }
}
