using System.Globalization;

namespace Grid.Messaging;

/// <summary>The limits and times of a messenger. Validated by its constructor, unchanged afterwards.</summary>
public sealed class MessengerOptions
{
    /// <summary>
    /// The secret that every member of the cluster knows; any text, at least 16 characters of chance are wise. Empty (the default): links are made and
    /// accepted on loopback only. It authenticates a link, it does not encrypt it.
    /// </summary>
    public string ClusterSecret { get; init; } = "";

    /// <summary>Resolution of all other times. Default 100 ms; 1 ms to 1 s. Shorter costs wake-ups, longer makes limits less exact.</summary>
    public TimeSpan TickInterval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How long connecting plus handshake may take, on either side. Default 5 s; 50 ms to 5 min. Too short refuses slow networks, longer lets a mute stranger hold a slot longer.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a message waits for a link to come up before it fails. Default 10 s; 0 to 10 min. At 0 a request fails with the first failed attempt to connect.</summary>
    public TimeSpan ConnectWait { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// First bound of the back-off between attempts to connect: attempt n waits for a random time between 0 and min(<see cref="BackOffMax"/>, this × 2^n).
    /// Default 50 ms; 1 ms to 1 min.
    /// </summary>
    public TimeSpan BackOffFirst { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Last bound of the back-off. Default 5 s; not below <see cref="BackOffFirst"/>, at most 10 min. Higher spares a returning network, lower reconnects sooner.</summary>
    public TimeSpan BackOffMax { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// A link on which nothing has arrived for this long is pinged. Default 500 ms; 1 ms to 10 min. A node that hangs is noticed after this and what whoever places work there
    /// waits for an answer; a silent link costs two small frames per interval.
    /// </summary>
    public TimeSpan PingInterval { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>A link on which nothing has arrived for this long is given up as half-open. Default 8 s; more than <see cref="PingInterval"/>, at most 1 h. Too short cuts links of nodes that pause.</summary>
    public TimeSpan LinkTimeout { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>A link without messages, pending requests and streams is closed after this long, by the side that opened it. Default 5 min; at least 10 ms, or <see cref="TimeSpan.MaxValue"/> for never.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Longer payloads travel in pieces of this size, between which more urgent lanes go first. Default 256 KiB; 4 KiB to 1 MiB. Smaller pieces delay
    /// control messages less (by one piece's time on the wire) and cost system calls.
    /// </summary>
    public int ChunkBytes { get; init; } = 256 * 1024;

    /// <summary>The largest payload of one message, sent or received. Default 64 MiB; 64 KiB to 1 GiB. A peer can make the node hold this much per link and lane.</summary>
    public int MessageBytesMax { get; init; } = 64 * 1024 * 1024;

    /// <summary>How many bytes may wait per peer and lane. Default 32 MiB; 64 KiB to 1 GiB. An empty lane takes one message of any permitted size.</summary>
    public int QueueBytesMax { get; init; } = 32 * 1024 * 1024;

    /// <summary>How many requests may be under way per peer. Default 65,536; 1 to 1,048,576.</summary>
    public int PendingRequestsMax { get; init; } = 65_536;

    /// <summary>How many accepted pipes may be unauthenticated at once; more are refused. Default 64; 1 to 65,536.</summary>
    public int UnauthenticatedPipesMax { get; init; } = 64;

    /// <summary>How many peers are kept. Default 16,384; 1 to 1,048,576. Beyond it unknown peers are refused.</summary>
    public int PeersMax { get; init; } = 16_384;

    /// <summary>How many bytes of one stream may be under way to a reader that does not read. Default 256 KiB; 64 KiB to 64 MiB. Throughput is at most this per round trip.</summary>
    public int StreamWindowBytes { get; init; } = 256 * 1024;

    /// <summary>How many streams may be open per link. Default 256; 1 to 65,536. More are refused.</summary>
    public int StreamsMax { get; init; } = 256;

    /// <summary>Lists what cannot be used, each entry naming the option and what it accepts; empty when all is well.</summary>
    public IReadOnlyList<string> Validate()
    {
        var problems = new List<string>();
        CheckTimes(problems);
        Check(problems, nameof(ChunkBytes), ChunkBytes, 4096, 1024 * 1024);
        Check(problems, nameof(MessageBytesMax), MessageBytesMax, 64 * 1024, 1024 * 1024 * 1024);
        Check(problems, nameof(QueueBytesMax), QueueBytesMax, 64 * 1024, 1024 * 1024 * 1024);
        Check(problems, nameof(PendingRequestsMax), PendingRequestsMax, 1, 1_048_576);
        Check(problems, nameof(UnauthenticatedPipesMax), UnauthenticatedPipesMax, 1, 65_536);
        Check(problems, nameof(PeersMax), PeersMax, 1, 1_048_576);
        Check(problems, nameof(StreamWindowBytes), StreamWindowBytes, 64 * 1024, 64 * 1024 * 1024);
        Check(problems, nameof(StreamsMax), StreamsMax, 1, 65_536);
        return problems;
    }

    private void CheckTimes(List<string> problems)
    {
        var millisecond = TimeSpan.FromMilliseconds(1);
        Check(problems, nameof(TickInterval), TickInterval, millisecond, TimeSpan.FromSeconds(1));
        Check(problems, nameof(HandshakeTimeout), HandshakeTimeout, 50 * millisecond, TimeSpan.FromMinutes(5));
        Check(problems, nameof(ConnectWait), ConnectWait, TimeSpan.Zero, TimeSpan.FromMinutes(10));
        Check(problems, nameof(BackOffFirst), BackOffFirst, millisecond, TimeSpan.FromMinutes(1));
        Check(problems, nameof(BackOffMax), BackOffMax, BackOffFirst, TimeSpan.FromMinutes(10));
        Check(problems, nameof(PingInterval), PingInterval, millisecond, TimeSpan.FromMinutes(10));
        Check(problems, nameof(LinkTimeout), LinkTimeout, PingInterval + millisecond, TimeSpan.FromHours(1));
        Check(problems, nameof(IdleTimeout), IdleTimeout, 10 * millisecond, TimeSpan.MaxValue);
    }

    private static void Check<T>(List<string> problems, string name, T value, T least, T most)
        where T : IComparable<T>
    {
        if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
        {
            problems.Add(string.Create(CultureInfo.InvariantCulture, $"{name} is {value}; accepted is {least} to {most}."));
        }
    }
}
