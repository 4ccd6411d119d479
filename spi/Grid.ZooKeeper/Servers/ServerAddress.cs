namespace Grid.ZooKeeper.Servers;

/// <summary>A server as it is written in a connection string: a name or an address, and a port.</summary>
internal readonly record struct ServerAddress(string Host, int Port)
{
    public override string ToString() => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}
