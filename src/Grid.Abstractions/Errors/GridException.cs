namespace Grid;

/// <summary>What went wrong in the grid, as opposed to in a job: the base of all exceptions that Grid itself throws.</summary>
public abstract class GridException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">What happened, to whom, and what the reader can do.</param>
    /// <param name="innerException">The cause, or <see langword="null"/>.</param>
    protected GridException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>Whether the same operation may succeed when it is repeated without a change to program or configuration.</summary>
    public virtual bool IsTransient => false;
}
