namespace Grid.ZooKeeper.Session;

/// <summary>One connection while it is made and read. Belongs to the leader.</summary>
internal sealed class Connection(Link link)
{
    public Link Link { get; } = link;

    public string Server { get; } = $"{link.Host} ({link.Endpoint})";

    /// <summary>Who cuts it into frames; <see langword="null"/> before it is made.</summary>
    public FrameReader? Reader { get; set; }

    /// <summary>Who takes the frames; <see langword="null"/> before the session is attached to it.</summary>
    public ReplyDispatcher? Dispatcher { get; set; }
}
