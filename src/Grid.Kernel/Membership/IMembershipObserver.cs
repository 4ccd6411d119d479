namespace Grid.Kernel.Membership;

/// <summary>
/// A part of the node that follows the membership without missing a step. Called on the thread of the
/// <see cref="MembershipService"/>, one call at a time, in the order of registration; it must neither block nor throw.
/// </summary>
internal interface IMembershipObserver
{
    /// <summary>The view was replaced; <see cref="ITopology.Current"/> is already <paramref name="view"/>.</summary>
    /// <param name="view">The new view.</param>
    /// <param name="changes">What led to it, departures before joins; empty when only the link changed.</param>
    void OnChange(TopologyView view, IReadOnlyList<TopologyChange> changes);

    /// <summary>
    /// The membership of the local node is gone: give up whatever belongs to it now. The attempts to rejoin start after every observer
    /// has returned. Never called for a client.
    /// </summary>
    void OnFenced();

    /// <summary>The local node is a member again; called before the <see cref="OnChange"/> that shows it.</summary>
    /// <param name="local">The local record, with the next incarnation.</param>
    void OnRejoined(NodeInfo local);
}
