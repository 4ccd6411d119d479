using Grid.Kernel.Deployment.Cache;
using Grid.Kernel.Deployment.Code;
using Grid.Kernel.Deployment.Origin;
using Grid.Kernel.Deployment.Wire;
using Grid.Kernel.Membership;
using Grid.Messaging;
using Microsoft.Extensions.Logging;

namespace Grid.Kernel.Deployment;

/// <summary>
/// Gives code to those who ask: this program's own, and what was fetched from others. Works on the deployment thread; a link thread only queues.
/// </summary>
internal sealed class CodeServer(DeploymentOptions options, OfferedCode offered, CodeCache cache, SerialThread thread, ILogger logger) : IMessageHandler
{
    /// <summary>How many requests may wait: a fetcher has a handful under way, so this serves a hundred nodes at once.</summary>
    private const int WaitingMax = 1024;

    private int _waiting;

    // The file that was given last; fetchers ask for one piece after another. Only used on the deployment thread.
    private (FileHash Hash, byte[] Content) _last = (default, []);

    /// <inheritdoc/>
    public void OnMessage(Peer from, in IncomingMessage message)
    {
        var requestId = message.RequestId;
        if (!CodeRequest.TryRead(message.Payload, out var request))
        {
            from.Reply(requestId, Lane.Bulk, CodeReply.Refuse("the request is malformed or of another version"));
        }
        else if (Interlocked.Increment(ref _waiting) > WaitingMax)
        {
            Interlocked.Decrement(ref _waiting);
            from.Reply(requestId, Lane.Bulk, CodeReply.Refuse($"{WaitingMax} requests for code are waiting already"));
        }
        else
        {
            _ = thread.RunAsync(() => ServeAsync(from, requestId, request));
        }
    }

    /// <summary>Forgets what it holds in memory for fetchers; it is read again if need be.</summary>
    public void Rest() => _last = (default, []);

    /// <summary>The content of a file of this program or of the cache; null when it is neither.</summary>
    public byte[]? Find(FileHash hash)
    {
        if (_last.Hash == hash && _last.Content.Length > 0)
        {
            return _last.Content;
        }

        if (!offered.TryFind(hash, out var source))
        {
            return cache.TryRead(hash, out var cached) ? cached : null;
        }

        var content = source.Read();
        return FileHash.Of(content) == hash ? content : throw new CodeShippingException($"{source.Place} was changed since this program started; start it again");
    }

    private async Task ServeAsync(Peer from, long requestId, CodeRequest request)
    {
        try
        {
            // A fetcher that reads slowly must not fill this node's memory.
            await from.WaitForRoomAsync(Lane.Bulk, CancellationToken.None).ConfigureAwait(true);
            from.Reply(requestId, Lane.Bulk, Answer(request));
        }
        catch (Exception e) when (e is GridException or IOException or UnauthorizedAccessException)
        {
            DeploymentLog.NotGiven(logger, request.ToString(), from.Node.Key, e.Message);
            from.Reply(requestId, Lane.Bulk, CodeReply.Refuse(e.Message));
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private MessageBuffer Answer(CodeRequest request)
    {
        if (!options.CodeShipping)
        {
            return CodeReply.Refuse("it does not ship code (Grid:Deployment:CodeShipping is false)");
        }

        if (!request.Set.IsNone)
        {
            return (offered.Find(request.Set) ?? cache.Find(request.Set, options)) is { } manifest
                ? CodeReply.Give(manifest.Content.Span, request.Offset, request.Count)
                : CodeReply.Unknown();
        }

        if (Find(request.File) is not { } content)
        {
            return CodeReply.Unknown();
        }

        _last = (request.File, content);
        return CodeReply.Give(content, request.Offset, request.Count);
    }
}
