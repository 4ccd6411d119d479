namespace Grid.Messaging.Tests;

/// <summary>Writes to a stream and awaits the echo, round after round; sometimes more than the credit, so that writes wait as well.</summary>
internal sealed class StreamTalk : IDisposable
{
    public const int RoundsMax = 5_000;

    /// <summary>Above one window, and not above the two that lie between write and echo.</summary>
    private const int AboveCredit = 300_000;

    private readonly ManualResetEventSlim _done = new(false);

    public int Rounds { get; private set; }

    public Exception? Error { get; private set; }

    /// <summary>Talks; the calling thread waits for the end.</summary>
    public void Run(Peer peer)
    {
        _ = TalkAsync(peer);
        _done.Wait(TestNode.Guard);
    }

    public void Dispose() => _done.Dispose();

    private async Task TalkAsync(Peer peer)
    {
        try
        {
            var stream = await peer.OpenStreamAsync(StreamEcho.Kind, Lane.Bulk, default, CancellationToken.None).ConfigureAwait(false);
            await using (stream.ConfigureAwait(false))
            {
                while (Rounds < RoundsMax)
                {
                    await RoundAsync(stream, Rounds % 50 == 0 ? AboveCredit : 10).ConfigureAwait(false);
                    Rounds++;
                }
            }
        }
        catch (Exception error)
        {
            Error = error;
        }

        _done.Set();
    }

    private static async Task RoundAsync(PeerStream stream, int count)
    {
        await stream.WriteAsync(new byte[count], CancellationToken.None).ConfigureAwait(false);
        var buffer = new byte[32 * 1024];
        while (count > 0)
        {
            count -= await stream.ReadAsync(buffer, CancellationToken.None).ConfigureAwait(false);
        }
    }
}
