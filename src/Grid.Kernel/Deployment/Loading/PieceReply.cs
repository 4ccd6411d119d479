using System.Text;
using Grid.Kernel.Deployment.Wire;
using Grid.Messaging;

namespace Grid.Kernel.Deployment.Loading;

/// <summary>Waits for one piece.</summary>
internal sealed class PieceReply : IReplyHandler
{
    // Continuations go to the deployment thread, which whoever awaits this belongs to.
    private readonly TaskCompletionSource<Piece> _completion = new();

    public Task<Piece> Task => _completion.Task;

    /// <inheritdoc/>
    public void OnReply(Peer from, in IncomingMessage message)
    {
        if (!CodeReply.TryRead(message.Payload, out var reply))
        {
            _completion.TrySetResult(new Piece(CodeStatus.Refused, 0, [], "its answer is malformed or of another version"));
        }
        else if (reply.Status == CodeStatus.Given)
        {
            _completion.TrySetResult(new Piece(CodeStatus.Given, reply.Total, reply.Body.ToArray(), ""));
        }
        else
        {
            var reason = reply.Status == CodeStatus.Unknown ? "it does not have it" : Encoding.UTF8.GetString(reply.Body);
            _completion.TrySetResult(new Piece(reply.Status, 0, [], reason));
        }
    }

    /// <inheritdoc/>
    public void OnFailed(GridException error) => _completion.TrySetResult(new Piece(CodeStatus.Refused, 0, [], error.Message));
}
