using System.Collections.Immutable;

namespace Grid.ZooKeeper.Wire;

/// <summary>The first frame of a connection: a session to open (id 0) or to attach to.</summary>
internal readonly record struct ConnectRequest(long LastZxidSeen, int TimeoutMilliseconds, long SessionId, ImmutableArray<byte> Password);
