namespace Grid.ZooKeeper.Session;

/// <summary>A session as the <see cref="SessionWatch"/> sees it.</summary>
internal abstract class WatchedSession
{
    /// <summary>Whether it is looked after. The watch's own.</summary>
    public bool IsWatched { get; set; }

    /// <summary>Whether it waits to look because somebody has called. The watch's own.</summary>
    public bool IsCalled { get; set; }

    /// <summary>When it looks next; timestamp of the watch's clock, 0 when that is not settled. The watch's own.</summary>
    public long DueAt { get; set; }

    /// <summary>Does what is due, without blocking: it holds up the other sessions.</summary>
    /// <param name="isCalled">Whether something has begun that the last look does not know of.</param>
    /// <returns>When to look again at the latest; <see langword="null"/> when the session is over.</returns>
    public abstract TimeSpan? Look(bool isCalled);
}
