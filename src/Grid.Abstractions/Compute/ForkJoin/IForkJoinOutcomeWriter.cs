namespace Grid;

/// <summary>Takes the outcome of a task, whatever its type, on its way to the node that waits for it.</summary>
internal interface IForkJoinOutcomeWriter
{
    void WriteResult<TResult>(TResult result);

    void WriteFailure(Exception failure);
}
