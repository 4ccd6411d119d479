namespace Grid;

/// <summary>What a <see cref="GridTask{TArg, TJobResult, TResult}"/> wants after a result came in.</summary>
public enum ResultPolicy
{
    /// <summary>Wait for the other jobs.</summary>
    Wait = 0,

    /// <summary>Reduce what is there and cancel the rest.</summary>
    Reduce = 1,

    /// <summary>Forget this result and run the job again, on another node if there is one; bounded by <see cref="JobOptions.MaxAttempts"/>.</summary>
    Failover = 2,
}
