namespace Grid.Messaging.Tests;

/// <summary>An await in two steps, as the compiler makes it: the look at <c>IsCompleted</c> now, the registration of the continuation later.</summary>
internal sealed class LateAwait
{
    private readonly Action<Action> _register;

    private LateAwait(bool isCompleted, Action<Action> register)
    {
        IsCompleted = isCompleted;
        _register = register;
    }

    /// <summary>What the first step saw.</summary>
    public bool IsCompleted { get; }

    public static LateAwait Begin(ValueTask<int> operation)
    {
        var awaiter = operation.ConfigureAwait(false).GetAwaiter();
        return new LateAwait(awaiter.IsCompleted, awaiter.UnsafeOnCompleted);
    }

    public static LateAwait Begin(ValueTask operation)
    {
        var awaiter = operation.ConfigureAwait(false).GetAwaiter();
        return new LateAwait(awaiter.IsCompleted, awaiter.UnsafeOnCompleted);
    }

    /// <summary>The second step.</summary>
    /// <returns>Whether the continuation has run when it returns: on this thread, that is.</returns>
    public bool ContinuesAtOnce()
    {
        var thread = 0;
        _register(() => Volatile.Write(ref thread, Environment.CurrentManagedThreadId));
        return Volatile.Read(ref thread) == Environment.CurrentManagedThreadId;
    }
}
