namespace Grid.Kernel.Membership;

/// <summary>
/// Runs asynchronous operations one after the other, each when the one before has ended, however it ended. Belongs to one
/// thread and keeps to its scheduler. As long as the number of callers that wait.
/// </summary>
internal sealed class OperationChain
{
    private Task _last = Task.CompletedTask;

    /// <summary>Runs an operation when its turn comes.</summary>
    /// <returns>The operation's own outcome.</returns>
    public Task RunAsync(Func<Task> operation)
    {
        return _last = RunAfterAsync(_last, operation);

        static async Task RunAfterAsync(Task before, Func<Task> operation)
        {
            await before.ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
            await operation().ConfigureAwait(true);
        }
    }

    /// <summary>Completes when everything started so far has ended; never fails.</summary>
    public async Task WhenIdleAsync() =>
        await _last.ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
}
