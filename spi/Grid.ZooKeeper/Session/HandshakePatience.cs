namespace Grid.ZooKeeper.Session;

/// <summary>
/// How long one server may take for the handshake, unless it is configured. A server that hangs uses up a session that it should carry on, so then it gets its share of the
/// session, at most a second. Before there is a session, nothing is lost by waiting, and a server that is asked for a thousand sessions at once
/// never comes to an end when everybody gives up and asks again: the time doubles with each round.
/// </summary>
internal static class HandshakePatience
{
    private const int DoublingsMax = 4;
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(1);

    /// <param name="sessionTimeout">Of the session, or to ask for.</param>
    /// <param name="servers">How many there are.</param>
    /// <param name="rounds">Rounds through the servers without a session, from 1.</param>
    public static TimeSpan For(TimeSpan sessionTimeout, int servers, int rounds)
    {
        var share = sessionTimeout / servers;
        var patience = share < Least ? Least : share < Usual ? share : Usual;
        return patience * (1 << Math.Clamp(rounds - 1, 0, DoublingsMax));
    }
}
