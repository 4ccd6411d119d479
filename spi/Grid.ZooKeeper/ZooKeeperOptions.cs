using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Security;
using Microsoft.Extensions.Logging;

namespace Grid.ZooKeeper;

/// <summary>Settings of a client. All are checked together when the client is made and are not read again afterwards.</summary>
public sealed class ZooKeeperOptions
{
    /// <summary>
    /// Servers and chroot: <c>zk1:2181,zk2:2181,[::1]:2181/apps/grid</c>. The port defaults to 2181. Names are resolved again on
    /// each round through the list; a name with several addresses counts as several servers. The chroot node must exist.
    /// </summary>
    public string ConnectString { get; set; } = "127.0.0.1:2181";

    /// <summary>
    /// T, the session timeout to ask for; default 10 s, 100 ms to 1 day. The server clamps it (by default to 2 to 20 of its ticks).
    /// Lower finds dead processes sooner; higher survives longer pauses and server changes. Derived: a ping when nothing was sent for T/6;
    /// a connection is dead when nothing came for T/3 though something is awaited; fenced 0.6 T after the last answered request was sent.
    /// </summary>
    public TimeSpan SessionTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The least timeout to accept from the server; default zero: any. Below it the start fails and says so. Set it to what your fencing assumes.</summary>
    public TimeSpan SessionTimeoutMin { get; set; } = TimeSpan.Zero;

    /// <summary>A session to attach to instead of opening a new one; default none.</summary>
    public SessionCredential? Session { get; set; }

    /// <summary>How long <see cref="ZooKeeperClient.ConnectAsync(ZooKeeperOptions, CancellationToken)"/> looks for a server that serves; default 30 s. <see cref="Timeout.InfiniteTimeSpan"/> leaves it to the token.</summary>
    public TimeSpan StartTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Longest time for TCP connect, TLS and session handshake with one server; default <see langword="null"/>: T / servers, at most 1 s and at
    /// least 100 ms, and before the first session twice as long in each round as in the one before, up to 16 times. A server that hangs costs this much of the session on every round.
    /// </summary>
    public TimeSpan? HandshakeTimeout { get; set; }

    /// <summary>
    /// How long a request may stay unanswered; default <see langword="null"/>: T. A request that was not sent by then fails with
    /// <see cref="ZooKeeperErrorCode.OperationTimeout"/>; one that was sent makes the client give the connection up and fails with
    /// <see cref="ZooKeeperErrorCode.ConnectionLoss"/>.
    /// </summary>
    public TimeSpan? RequestTimeout { get; set; }

    /// <summary>Longest pause between two rounds through the servers; default <see langword="null"/>: the lesser of 1 s and T/10. Pauses start at 20 ms, double, and are drawn evenly from zero to that (full jitter).</summary>
    public TimeSpan? ReconnectPauseMax { get; set; }

    /// <summary>
    /// A ping goes out when a request has waited this long for its answer, and again after each such time; default 100 ms. It ends the
    /// stalls of servers with ZOOKEEPER-4537 (3.6.0 to 3.8.0 at least). <see cref="Timeout.InfiniteTimeSpan"/> switches it off.
    /// </summary>
    public TimeSpan NudgeAfter { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How long closing waits for the server's good-bye; default 1 s. Without it ephemeral nodes stay until the session times out.</summary>
    public TimeSpan CloseTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest request in bytes; default 1,048,575, the servers' default of jute.maxbuffer. Longer ones are refused with <see cref="ArgumentException"/>: a server would cut the connection.</summary>
    public int RequestBytesMax { get; set; } = 1_048_575;

    /// <summary>Longest answer in bytes; default 16 MiB. Servers do not limit answers; a list of 100,000 children takes about 4 MB.</summary>
    public int ReplyBytesMax { get; set; } = 16 * 1024 * 1024;

    /// <summary>Most requests without an answer, queued and sent together; default 16,384. More fail at once with <see cref="ZooKeeperErrorCode.TooManyRequests"/>.</summary>
    public int RequestsMax { get; set; } = 16_384;

    /// <summary>Most bytes of requests that wait to be sent; default 64 MiB. More fail at once with <see cref="ZooKeeperErrorCode.TooManyRequests"/>.</summary>
    public long QueuedBytesMax { get; set; } = 64 * 1024 * 1024;

    /// <summary>Most watches (path and watcher counted together) at a time; default 100,000. All of them are sent again at each reconnect.</summary>
    public int WatchesMax { get; set; } = 100_000;

    /// <summary>Credentials to present on every connection; default none. More can be added with <c>AddAuthAsync</c>.</summary>
    public ImmutableArray<AuthInfo> Auth { get; set; } = [];

    /// <summary>User for SASL DIGEST-MD5; default none.</summary>
    public SaslCredential? Sasl { get; set; }

    /// <summary>TLS settings; default <see langword="null"/>: no TLS. Without a target host the name from the connection string is used.</summary>
    public SslClientAuthenticationOptions? Tls { get; set; }

    /// <summary>Whether the order of the servers is shuffled, so that clients spread; default <see langword="true"/>.</summary>
    public bool ShuffleServers { get; set; } = true;

    /// <summary>Resolves names; default the system's resolver. It is called on a thread of the client and may block it.</summary>
    public Func<string, IPAddress[]> Resolve { get; set; } = Dns.GetHostAddresses;

    /// <summary>The clock for durations; default the system's. Waits take real time.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>Seed for shuffling and jitter; default <see langword="null"/>: a new one for each client.</summary>
    public int? Seed { get; set; }

    /// <summary>Where to log; default nowhere.</summary>
    public ILoggerFactory? LoggerFactory { get; set; }

    /// <summary>Where to make the meter <c>Grid.ZooKeeper</c>; default none: no metrics.</summary>
    public IMeterFactory? MeterFactory { get; set; }

    /// <summary>Checks all settings.</summary>
    /// <exception cref="ArgumentException">Some are wrong; the message names all of them.</exception>
    public void Validate()
    {
        List<string> faults = [];
        Check(faults, SessionTimeout >= TimeSpan.FromMilliseconds(100) && SessionTimeout <= TimeSpan.FromDays(1), $"{nameof(SessionTimeout)} is {SessionTimeout}; it must be 100 ms to 1 day");
        Check(faults, SessionTimeoutMin >= TimeSpan.Zero && SessionTimeoutMin <= SessionTimeout, $"{nameof(SessionTimeoutMin)} is {SessionTimeoutMin}; it must be zero to {nameof(SessionTimeout)}");
        Check(faults, IsWait(StartTimeout), $"{nameof(StartTimeout)} is {StartTimeout}; it must be positive or infinite");
        Check(faults, HandshakeTimeout is null || HandshakeTimeout > TimeSpan.Zero, $"{nameof(HandshakeTimeout)} is {HandshakeTimeout}; it must be positive");
        Check(faults, RequestTimeout is null || RequestTimeout > TimeSpan.Zero, $"{nameof(RequestTimeout)} is {RequestTimeout}; it must be positive");
        Check(faults, ReconnectPauseMax is null || ReconnectPauseMax >= TimeSpan.Zero, $"{nameof(ReconnectPauseMax)} is {ReconnectPauseMax}; it must not be negative");
        Check(faults, IsWait(NudgeAfter), $"{nameof(NudgeAfter)} is {NudgeAfter}; it must be positive or infinite");
        Check(faults, CloseTimeout >= TimeSpan.Zero && CloseTimeout <= TimeSpan.FromMinutes(10), $"{nameof(CloseTimeout)} is {CloseTimeout}; it must be zero to 10 minutes");
        Check(faults, RequestBytesMax is >= 1024 and <= 1 << 30, $"{nameof(RequestBytesMax)} is {RequestBytesMax}; it must be 1 KiB to 1 GiB");
        Check(faults, ReplyBytesMax is >= 1024 and <= 1 << 30, $"{nameof(ReplyBytesMax)} is {ReplyBytesMax}; it must be 1 KiB to 1 GiB");
        Check(faults, RequestsMax is >= 1 and <= 1 << 24, $"{nameof(RequestsMax)} is {RequestsMax}; it must be 1 to 16,777,216");
        Check(faults, QueuedBytesMax >= RequestBytesMax, $"{nameof(QueuedBytesMax)} is {QueuedBytesMax}; it must hold one request of {nameof(RequestBytesMax)}");
        Check(faults, WatchesMax is >= 0 and <= 1 << 24, $"{nameof(WatchesMax)} is {WatchesMax}; it must be 0 to 16,777,216");
        Check(faults, !Auth.IsDefault && Auth.All(auth => auth.Credential.Length <= 64 * 1024), $"{nameof(Auth)} is not set or has a credential of more than 64 KiB");
        Check(faults, Resolve is not null && TimeProvider is not null, $"{nameof(Resolve)} and {nameof(TimeProvider)} must be set");
        CheckConnectString(faults);
        if (faults.Count > 0)
        {
            throw new ArgumentException($"The ZooKeeper options are not valid: {string.Join("; ", faults)}.");
        }
    }

    private static bool IsWait(TimeSpan time) => time > TimeSpan.Zero || time == Timeout.InfiniteTimeSpan;

    private static void Check(List<string> faults, bool isRight, string fault)
    {
        if (!isRight)
        {
            faults.Add(fault);
        }
    }

    private void CheckConnectString(List<string> faults)
    {
        try
        {
            Servers.ConnectString.Parse(ConnectString);
        }
        catch (FormatException exception)
        {
            faults.Add(exception.Message.TrimEnd('.'));
        }
    }
}
