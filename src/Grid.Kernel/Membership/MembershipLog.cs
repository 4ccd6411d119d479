using Microsoft.Extensions.Logging;

namespace Grid.Kernel.Membership;

/// <summary>Log events 2000 to 2099.</summary>
internal static partial class MembershipLog
{
    public static void Started(ILogger logger, ClusterId cluster, NodeInfo? local, TopologyView view)
    {
        if (local is null)
        {
            Watching(logger, cluster, view.Nodes.Length);
        }
        else
        {
            Joined(logger, cluster, local, local.JoinOrder, view.Nodes.Length);
        }
    }

    public static void Published(ILogger logger, TopologyView before, TopologyView after, IReadOnlyList<TopologyChange> changes)
    {
        foreach (var change in changes)
        {
            Changed(logger, change.Version, change.Kind, change.Node!);
        }

        if (after.Link == DiscoveryLink.Suspended)
        {
            Suspended(logger, after.Nodes.Length);
        }
        else if (after.Link == DiscoveryLink.Connected && before.Link == DiscoveryLink.Suspended && before != TopologyView.Empty)
        {
            Resumed(logger);
        }
    }

    [LoggerMessage(2000, LogLevel.Information, "Joined cluster {Cluster} as {Node}, join order {JoinOrder}, {Count} members")]
    public static partial void Joined(ILogger logger, ClusterId cluster, NodeInfo node, long joinOrder, int count);

    [LoggerMessage(2001, LogLevel.Information, "Watching cluster {Cluster} as a client, {Count} members")]
    public static partial void Watching(ILogger logger, ClusterId cluster, int count);

    [LoggerMessage(2002, LogLevel.Information, "Topology {Version}: {Kind} {Node}")]
    public static partial void Changed(ILogger logger, long version, TopologyChangeKind kind, NodeInfo node);

    [LoggerMessage(2003, LogLevel.Warning, "The registry of members does not answer; the view of {Count} members stays in force and may be stale")]
    public static partial void Suspended(ILogger logger, int count);

    [LoggerMessage(2004, LogLevel.Information, "The registry of members answers again")]
    public static partial void Resumed(ILogger logger);

    [LoggerMessage(2005, LogLevel.Error, "{Node} lost its membership and is fenced: it accepts no job and commits no result until it has rejoined")]
    public static partial void Fenced(ILogger logger, NodeInfo? node);

    [LoggerMessage(2006, LogLevel.Information, "Rejoined as {Node}, join order {JoinOrder}")]
    public static partial void Rejoined(ILogger logger, NodeInfo node, long joinOrder);

    [LoggerMessage(2007, LogLevel.Warning, "Rejoin attempt {Attempt} failed, the next follows within {DelayMax}")]
    public static partial void RejoinFailed(ILogger logger, int attempt, TimeSpan delayMax, Exception exception);

    [LoggerMessage(2008, LogLevel.Warning, "A record of the registry is ignored: {Reason}")]
    public static partial void Quarantined(ILogger logger, string reason);

    [LoggerMessage(2009, LogLevel.Error, "A later process joined under the name of {Node}; the members ignore this one. Give each running node a name of its own (Grid:Node:Name)")]
    public static partial void Superseded(ILogger logger, NodeInfo? node);

    [LoggerMessage(2010, LogLevel.Error, "The watch of the registry broke for good; the node stays fenced until its process is restarted")]
    public static partial void WatchBroken(ILogger logger, Exception? exception);

    [LoggerMessage(2011, LogLevel.Error, "{Observer} failed in {Callback}; it may have missed a change")]
    public static partial void ObserverFailed(ILogger logger, Type observer, string callback, Exception exception);

    [LoggerMessage(2012, LogLevel.Information, "{Node} left the cluster")]
    public static partial void Left(ILogger logger, NodeInfo? node);

    [LoggerMessage(2013, LogLevel.Warning, "The good-bye to the registry failed; it will notice by itself that {Node} is gone")]
    public static partial void LeaveFailed(ILogger logger, NodeInfo? node, Exception exception);
}
