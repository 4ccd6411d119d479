namespace Grid.ZooKeeper.Requests;

/// <summary>How much may be unanswered for a thread other than the writing one to write: its write is not to block.</summary>
internal static class DirectWrites
{
    /// <summary>With more requests than this unanswered, gathering them pays.</summary>
    private const int RequestsMax = 32;

    /// <summary>Less than what the other side receives without reading it, which is 64 KiB at least: what is unanswered always fits.</summary>
    private const int CallerBytesMax = 48 * 1024;

    /// <summary>The leader may write more: answers that it does not read meanwhile would come of what it writes. Sockets of today take this much at once, and a write that blocks is limited.</summary>
    private const int LeaderBytesMax = 256 * 1024;

    /// <summary>Whether a caller writes its request itself.</summary>
    /// <param name="unanswered">How many requests are without an answer.</param>
    /// <param name="bytes">Their bytes and those of the request.</param>
    public static bool Suits(int unanswered, long bytes) => unanswered < RequestsMax && bytes <= CallerBytesMax;

    /// <summary>The bytes of requests without an answer up to which a thread writes what has gathered.</summary>
    public static long BytesMax(bool isLeader) => isLeader ? LeaderBytesMax : CallerBytesMax;
}
