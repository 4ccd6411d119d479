namespace Grid.ZooKeeper.Requests;

/// <summary>Ends requests on threads that must not run what waits for them: that goes to the pool.</summary>
/// <remarks>
/// A continuation runs where its task ends unless that thread has a synchronization context. So the task itself ends at once, for whoever blocks on it, and only what awaits it waits for the pool.
/// </remarks>
internal sealed class Elsewhere : SynchronizationContext
{
    private static readonly Elsewhere Instance = new();

    /// <summary>Runs the action; what awaits the tasks that it ends runs elsewhere.</summary>
    public static void Continue<TState>(TState state, Action<TState> end)
    {
        var before = Current;
        SetSynchronizationContext(Instance);
        try
        {
            end(state);
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }
}
