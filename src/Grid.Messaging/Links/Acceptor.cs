using Grid.Messaging.Handshake;
using Grid.Spi;

namespace Grid.Messaging.Links;

/// <summary>Accepts pipes, lets strangers prove who they are within a time limit and a number, and installs the links of those who do.</summary>
internal sealed class Acceptor(MessengerContext context, HandshakeAttempts attempts, PeerTable peers)
{
    private readonly RefusalLog _refusals = new(context.Logger, context.Time);

    /// <summary>Accepts until the provider is disposed.</summary>
    public async Task RunAsync()
    {
        try
        {
            while (await context.Communication.AcceptAsync(CancellationToken.None).ConfigureAwait(false) is { } pipe)
            {
                if (attempts.TryBeginIncoming() is { } attempt)
                {
                    attempt.Completion = ServeAsync(pipe, attempt);
                }
                else
                {
                    Refuse(pipe, Refusal.TooManyUnauthenticated, $"({context.Options.UnauthenticatedPipesMax} handshakes are under way)");
                    await pipe.DisposeAsync().ConfigureAwait(false);
                }
            }
        }
        catch (Exception error)
        {
            MessagingLog.AcceptFailed(context.Logger, error);
        }
    }

    private async Task ServeAsync(ICommunicationPipe pipe, HandshakeAttempt attempt)
    {
        using (attempt)
        {
            try
            {
                await AcceptAsync(pipe, attempt).ConfigureAwait(false);
            }
            catch (RefusedException refused)
            {
                Refuse(pipe, attempt.IsExpired ? Refusal.TimedOut : refused.Refusal, refused.Detail);
                await pipe.DisposeAsync().ConfigureAwait(false);
            }
            catch (Exception error)
            {
                MessagingLog.AcceptFailed(context.Logger, error);
                await pipe.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    private async Task AcceptAsync(ICommunicationPipe pipe, HandshakeAttempt attempt)
    {
        Peer? admitted = null;
        try
        {
            var local = context.Local!;
            HandshakeResult result;
            using (attempt.Guard(pipe))
            {
                result = await new PipeHandshake(pipe, context.Secret, local).AcceptAsync(Admit, peers.LastLinkOf).ConfigureAwait(false);
            }

            if (context.Install(admitted!, pipe, result, isDialedByPeer: true, local))
            {
                admitted = null;
            }
        }
        finally
        {
            admitted?.Outbox.Connection.OnAcceptFailed();
        }

        Refusal Admit(NodeKey dialer, string name, ulong lastLink)
        {
            var peer = peers.FindOrAddByLink(dialer, name);
            var refusal = peer?.Outbox.Connection.Admit(context.Local!.Node.Id, lastLink) ?? Refusal.TooManyPeers;
            admitted = refusal == Refusal.None ? peer : null;
            return refusal;
        }
    }

    private void Refuse(ICommunicationPipe pipe, Refusal refusal, string detail)
    {
        if (refusal is Refusal.Tie or Refusal.AlreadyLinked or Refusal.Rejoining)
        {
            return;
        }

        context.Metrics.Refused(refusal);
        _refusals.Write(pipe.RemoteEndpoint, refusal, detail);
    }
}
