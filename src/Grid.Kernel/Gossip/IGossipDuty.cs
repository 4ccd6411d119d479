namespace Grid.Kernel.Gossip;

/// <summary>What a <see cref="GossipThread"/> does; called on it, one call at a time.</summary>
internal interface IGossipDuty
{
    void OnView(TopologyView view);

    /// <summary>A message; to be disposed.</summary>
    void OnMail(GossipMail mail);

    /// <summary>A period has passed.</summary>
    /// <param name="late">How late the thread woke up for it.</param>
    void OnTick(TimeSpan late);

    /// <summary>Somebody has woken the thread.</summary>
    void OnWoken();

    /// <summary>One of the calls above has thrown; the thread goes on.</summary>
    void OnFault(Exception exception);

    /// <summary>The last call: the thread ends.</summary>
    void OnEnd();
}
