namespace Grid.ZooKeeper;

/// <summary>An identity that the server has accepted for this connection.</summary>
/// <param name="Scheme">The scheme that proved it, such as <c>digest</c> or <c>ip</c>.</param>
/// <param name="Id">The identity, without secrets.</param>
public readonly record struct ClientIdentity(string Scheme, string Id);
