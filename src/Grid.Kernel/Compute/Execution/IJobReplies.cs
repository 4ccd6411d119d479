namespace Grid.Kernel.Compute.Execution;

/// <summary>The way back to a submitter: over a link, or straight to a submitter on the same node.</summary>
internal interface IJobReplies
{
    /// <summary>The submitter's name, for listings.</summary>
    string Submitter { get; }

    /// <summary>Delivers an outcome. When the way is gone the submitter has noticed it too and tries elsewhere.</summary>
    /// <param name="requestId">What the outcome answers.</param>
    /// <param name="reply">The encoded outcome; valid during the call.</param>
    /// <returns>False when it cannot be delivered.</returns>
    bool Reply(long requestId, ReadOnlySpan<byte> reply);

    /// <summary>Tells that the job has started, or how far it is. Best effort.</summary>
    /// <param name="notice">The encoded notice; valid during the call.</param>
    void Notify(ReadOnlySpan<byte> notice);

    /// <summary>Passes on a line that the job has logged. Best effort.</summary>
    /// <param name="line">The encoded line; valid during the call.</param>
    void Log(ReadOnlySpan<byte> line);

    /// <summary>Tells which jobs have been running for a while. Best effort.</summary>
    /// <param name="requests">The ids of the requests they came with; valid during the call.</param>
    void Announce(ReadOnlySpan<byte> requests);
}
