namespace Grid.Messaging.Tests;

/// <summary>Sends back what arrives on streams.</summary>
internal sealed class StreamEcho : IStreamHandler
{
    public const byte Kind = 9;

    public void OnStream(Peer from, in IncomingMessage header, PeerStream stream) => _ = EchoAsync(stream);

    private static async Task EchoAsync(PeerStream stream)
    {
        var buffer = new byte[64 * 1024];
        await using (stream.ConfigureAwait(false))
        {
            try
            {
                int count;
                while ((count = await stream.ReadAsync(buffer, CancellationToken.None).ConfigureAwait(false)) > 0)
                {
                    await stream.WriteAsync(buffer.AsMemory(0, count), CancellationToken.None).ConfigureAwait(false);
                }
            }
            catch (CommunicationException)
            {
                // The talk is over.
            }
        }
    }
}
