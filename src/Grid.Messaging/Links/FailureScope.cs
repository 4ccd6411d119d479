namespace Grid.Messaging.Links;

/// <summary>What fails together with the requests to a peer.</summary>
internal enum FailureScope
{
    /// <summary>Only what waits for a link; a link that is up is kept, and so is what it carries.</summary>
    Waiting,

    /// <summary>The link too, unless it was made after the node took on another identity; the peer stays usable and connects anew.</summary>
    Link,

    /// <summary>The peer: it refuses everything from now on.</summary>
    Peer,
}
