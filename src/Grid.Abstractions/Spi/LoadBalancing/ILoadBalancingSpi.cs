namespace Grid.Spi;

/// <summary>Chooses the node for an attempt of a job among those that may run it.</summary>
/// <remarks>
/// <para><b>Who calls it, and when.</b> The submitting node, once per attempt, on the submitter's thread.</para>
/// <para><b>Concurrency.</b> Calls overlap; an implementation synchronizes its own state.</para>
/// <para><b>Blocking.</b> Never: it is on the path of every job. It allocates nothing.</para>
/// <para><b>Failure.</b> It throws nothing; an index out of range fails the job with the provider's name.</para>
/// <para><b>Ownership.</b> The span is valid during the call only.</para>
/// </remarks>
public interface ILoadBalancingSpi
{
    /// <summary>Chooses one candidate.</summary>
    /// <param name="candidates">The eligible nodes in join order, at least one; nodes that already failed the job are left out while others remain.</param>
    /// <returns>An index into <paramref name="candidates"/>.</returns>
    int Choose(ReadOnlySpan<NodeLoad> candidates);

    /// <summary>Chooses one candidate for a job that it is told about. This is what Grid calls; a provider that treats all jobs alike leaves it as it is.</summary>
    /// <param name="candidates">As for <see cref="Choose(ReadOnlySpan{NodeLoad})"/>.</param>
    /// <param name="request">What the submitter says of the job.</param>
    /// <returns>An index into <paramref name="candidates"/>.</returns>
    int Choose(ReadOnlySpan<NodeLoad> candidates, in PlacementRequest request) => Choose(candidates);
}
