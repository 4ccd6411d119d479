using System.Net;
using Grid.Discovery.Gossip.Wire;
using Microsoft.Extensions.Logging;

namespace Grid.Discovery.Gossip;

/// <summary>Log events 5300 to 5399.</summary>
internal static partial class GossipDiscoveryLog
{
    [LoggerMessage(5300, LogLevel.Information, "{Node} joined cluster {Cluster} ({ClusterId}), gossip at {Address}")]
    public static partial void Joined(ILogger logger, NodeKey node, string cluster, ClusterId clusterId, IPEndPoint address);

    [LoggerMessage(5301, LogLevel.Information, "Founded cluster {Cluster} as {ClusterId}: none of the other seeds has one")]
    public static partial void Founded(ILogger logger, string cluster, ClusterId clusterId);

    [LoggerMessage(5302, LogLevel.Debug, "{Node} is said to be {Status} by {By}")]
    public static partial void Said(ILogger logger, NodeKey node, MemberStatus status, NodeId by);

    [LoggerMessage(5303, LogLevel.Error, "{Address} belongs to another cluster of the same name ({Theirs}, ours is {Ours}): two were founded apart. Stop the nodes of one of them and start them again")]
    public static partial void OtherCluster(ILogger logger, IPEndPoint address, ClusterId theirs, ClusterId ours);

    [LoggerMessage(5304, LogLevel.Debug, "The exchange with {Address} failed: {Reason}")]
    public static partial void ExchangeFailed(ILogger logger, IPEndPoint address, string reason);

    [LoggerMessage(5305, LogLevel.Warning, "The link is {Link}: no other node answers")]
    public static partial void LinkGone(ILogger logger, DiscoveryLink link);

    [LoggerMessage(5308, LogLevel.Information, "Other nodes answer again")]
    public static partial void LinkBack(ILogger logger);

    [LoggerMessage(5306, LogLevel.Error, "A thread of gossip caught what it should not have; it goes on")]
    public static partial void Unexpected(ILogger logger, Exception exception);

    [LoggerMessage(5307, LogLevel.Warning, "The seed {Seed} cannot be resolved: {Reason}")]
    public static partial void Unresolved(ILogger logger, string seed, string reason);
}
