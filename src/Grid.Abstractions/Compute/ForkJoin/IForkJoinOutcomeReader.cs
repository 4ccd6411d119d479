namespace Grid;

/// <summary>The outcome of a task that ran on another node. One of the two reads, once.</summary>
internal interface IForkJoinOutcomeReader
{
    bool IsFailure { get; }

    TResult ReadResult<TResult>();

    Exception ReadFailure();
}
