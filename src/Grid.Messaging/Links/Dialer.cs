using Grid.Messaging.Handshake;
using Grid.Spi;

namespace Grid.Messaging.Links;

/// <summary>Dials peers: tries the addresses of a peer in order, shakes hands, installs the link.</summary>
internal sealed class Dialer(MessengerContext context, HandshakeAttempts attempts)
{
    /// <summary>Dials on the messenger's thread, and then on I/O threads. Tells the peer's connection how it ended.</summary>
    public void Begin(Peer peer, ulong lastLink) => context.Thread.Post(() =>
    {
        var attempt = attempts.BeginOutgoing();
        attempt.Completion = RunAsync(peer, lastLink, attempt);
    });

    private async Task RunAsync(Peer peer, ulong lastLink, HandshakeAttempt attempt)
    {
        using (attempt)
        {
            DialFailure? failure = null;
            try
            {
                failure = await DialAsync(peer, lastLink, attempt).ConfigureAwait(false);
            }
            catch (Exception error)
            {
                MessagingLog.WorkFailed(context.Logger, error);
                failure = new DialFailure(new CommunicationException($"Cannot link to {peer.Node}: {error.Message}", error), IsFinal: false, IsPeerConnecting: false);
            }

            if (failure is { } ended)
            {
                peer.Outbox.Connection.OnDialFailed(ended);
            }
        }
    }

    // Null when a link was made.
    private async Task<DialFailure?> DialAsync(Peer peer, ulong lastLink, HandshakeAttempt attempt)
    {
        DialFailure? failure = null;
        foreach (var endpoint in peer.Node.Endpoints)
        {
            failure = await DialAsync(peer, endpoint, lastLink, attempt).ConfigureAwait(false);
            if (failure is null or { IsPeerConnecting: true } || attempt.IsExpired)
            {
                break;
            }
        }

        return failure;
    }

    private async Task<DialFailure?> DialAsync(Peer peer, NodeEndpoint endpoint, ulong lastLink, HandshakeAttempt attempt)
    {
        ICommunicationPipe? pipe = null;
        try
        {
            pipe = await context.Communication.ConnectAsync(endpoint, attempt.Token).ConfigureAwait(false);
            var local = context.Local!;
            HandshakeResult result;
            using (attempt.Guard(pipe))
            {
                result = await new PipeHandshake(pipe, context.Secret, local).DialAsync(peer.Node.Key, lastLink).ConfigureAwait(false);
            }

            return context.Install(peer, pipe, result, isDialedByPeer: false, local) ? null : Failure(new RefusedException(Refusal.Broken, isByPeer: false), peer, endpoint, attempt);
        }
        catch (RefusedException refused)
        {
            await pipe!.DisposeAsync().ConfigureAwait(false);
            return Failure(refused, peer, endpoint, attempt);
        }
        catch (Exception error) when (error is GridException or OperationCanceledException)
        {
            return attempt.IsExpired
                ? Failure(new RefusedException(Refusal.TimedOut, isByPeer: false), peer, endpoint, attempt)
                : new DialFailure(error as GridException ?? new CommunicationException(error.Message, error), IsFinal: error is AuthenticationException, IsPeerConnecting: false);
        }
    }

    private DialFailure Failure(RefusedException refused, Peer peer, NodeEndpoint endpoint, HandshakeAttempt attempt)
    {
        var refusal = attempt.IsExpired ? Refusal.TimedOut : refused.Refusal;
        if (!refused.IsByPeer)
        {
            context.Metrics.Refused(refusal);
        }

        var text = $"No link to {peer.Node} at {endpoint}: {Explain(refusal, refused)}";
        GridException error = refusal is Refusal.Unauthenticated or Refusal.SecretRequired or Refusal.OtherCluster
            ? new AuthenticationException(text, refused)
            : new CommunicationException(text, refused);
        return new DialFailure(
            error,
            IsFinal: error is AuthenticationException || refusal is Refusal.ProtocolVersion or Refusal.OtherNode or Refusal.Self or Refusal.NotGrid,
            IsPeerConnecting: refusal is Refusal.Tie or Refusal.AlreadyLinked);
    }

    private static string Explain(Refusal refusal, RefusedException refused) => refusal switch
    {
        Refusal.NotGrid => "what listens there is not a Grid node.",
        Refusal.ProtocolVersion => "the nodes speak no common version of the link protocol; update the older one.",
        Refusal.OtherCluster => "it belongs to another cluster (other cluster id), though it may have the same name.",
        Refusal.OtherNode => $"another process answers at that address {refused.Detail}; the record is out of date.",
        Refusal.Unauthenticated => "the proofs do not fit: the cluster secrets of the two nodes differ, or only one has a secret.",
        Refusal.SecretRequired => "the address is not on loopback; set Security:ClusterSecret, or Security:Certificate and Security:TrustedRoot, on every node.",
        Refusal.TimedOut => "connecting and handshake took too long (HandshakeTimeout).",
        Refusal.TooManyPeers or Refusal.TooManyUnauthenticated => "it has too many peers or handshakes under way; it will be tried again.",
        Refusal.Rejoining => "it is about to join again under that incarnation; it will be tried again.",
        Refusal.Self => "the address is the node's own.",
        Refusal.Tie or Refusal.AlreadyLinked => "its own link to this node stands instead.",
        _ => $"the connection broke during the handshake. {refused.Detail}",
    };
}
