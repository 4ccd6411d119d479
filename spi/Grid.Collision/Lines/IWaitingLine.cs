using System.Diagnostics.CodeAnalysis;
using Grid.Spi;

namespace Grid.Collision.Lines;

/// <summary>Jobs in an order that their arrival fixes. Withdrawn ones stay in it until they come to the front or are swept out.</summary>
internal interface IWaitingLine
{
    /// <summary>How many jobs are in it, withdrawn ones included.</summary>
    int Count { get; }

    void Add(IWaitingJob job, long sequence);

    /// <summary>The first job that is not withdrawn.</summary>
    bool TryPeek([NotNullWhen(true)] out IWaitingJob? job, out LineKey key);

    /// <summary>Takes out what <see cref="TryPeek"/> has just shown.</summary>
    IWaitingJob Take();

    /// <summary>Drops all that is withdrawn.</summary>
    void Sweep();
}
