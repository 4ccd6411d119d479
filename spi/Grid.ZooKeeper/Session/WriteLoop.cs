using System.Net.Sockets;
using Grid.ZooKeeper.Requests;

namespace Grid.ZooKeeper.Session;

/// <summary>The writing thread: sends what has gathered. Beside it, how callers, the leader and the watch write.</summary>
internal sealed class WriteLoop(SessionServices services)
{
    private const int ExtraBatchesMax = 4;

    /// <summary>Serves the session until it is over, and returns <see langword="true"/>.</summary>
    public bool Run()
    {
        while (!services.Ledger.IsFinal)
        {
            if (services.Queue.TakeBatch(out var batch) is { } link)
            {
                TryWrite(link, batch.Span);
                EndWrite(services, link);
            }
            else if (services.Queue.TrySleep())
            {
                services.Threads.AwaitCall();
            }
        }

        return true;
    }

    /// <summary>
    /// A caller writes its own request, and then a few times what others have added meanwhile: that spares waking the writing thread, and no caller
    /// is held up for long.
    /// </summary>
    public static void WriteFrame(SessionServices services, Link link, ReadOnlySpan<byte> frame) => WriteMore(services, link, TryWrite(link, frame));

    /// <summary>The leader writes what was asked for while it ran callers' code.</summary>
    public static void WriteGathered(SessionServices services)
    {
        if (services.Queue.EndGathering() is { } link)
        {
            WriteMore(services, link, isWritten: true);
        }
    }

    /// <summary>Sends a ping if that cannot block and nobody else writes.</summary>
    public static bool TrySendPing(SessionServices services)
    {
        if (services.CurrentLink is not { IsWritable: true } || services.Queue.TakePing(out var batch) is not { } link)
        {
            return false;
        }

        services.Metrics.PingSent();
        TryWrite(link, batch.Span);
        EndWrite(services, link);
        return true;
    }

    private static void WriteMore(SessionServices services, Link link, bool isWritten)
    {
        for (var i = 0; isWritten && i < ExtraBatchesMax && services.Queue.TryTakeMore(link, out var batch); i++)
        {
            isWritten = TryWrite(link, batch.Span);
        }

        EndWrite(services, link);
    }

    private static bool TryWrite(Link link, ReadOnlySpan<byte> bytes)
    {
        try
        {
            link.Write(bytes);
            return true;
        }
        catch (Exception exception) when (exception is SocketException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The reading thread sees the end of the connection and fails what was sent.
            link.Abort($"writing failed: {exception.Message}");
            return false;
        }
    }

    private static void EndWrite(SessionServices services, Link link)
    {
        if (services.Queue.EndWrite(link))
        {
            services.Threads.CallWriter();
        }
    }
}
