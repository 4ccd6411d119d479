using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Grid.Messaging;

namespace Grid.Kernel.Administration;

/// <summary>Asks other nodes what <see cref="NodeDesk"/> answers.</summary>
/// <param name="messenger">The links.</param>
/// <param name="desk">Answers for the local node.</param>
/// <param name="localId">The local node, which has no link to itself.</param>
internal sealed class NodeInquiry(Messenger messenger, NodeDesk desk, NodeId localId)
{
    /// <summary>Asks a node whether it is there: the link, both proofs and the way back work. Far cheaper than a report.</summary>
    /// <inheritdoc cref="ReportAsync" path="/exception"/>
    public Task CheckPresenceAsync(NodeInfo node, CancellationToken ct) =>
        node.Id == localId ? Task.CompletedTask : AskAsync(node, AdministrationKinds.Presence, [], ct);

    /// <summary>Asks a node for its report.</summary>
    /// <exception cref="AuthenticationException">It did not take this process for a member or client of its cluster.</exception>
    /// <exception cref="CommunicationException">It could not be reached, or its answer could not be read.</exception>
    public async Task<NodeReport> ReportAsync(NodeInfo node, CancellationToken ct)
    {
        if (node.Id == localId)
        {
            return desk.Report();
        }

        return Read(node, await AskAsync(node, AdministrationKinds.Report, [], ct).ConfigureAwait(false), ReportJson.Default.NodeReport);
    }

    /// <summary>Asks a node what its flight recorder has.</summary>
    /// <inheritdoc cref="ReportAsync"/>
    public async Task<IReadOnlyList<NodeEvent>> EventsAsync(NodeInfo node, int max, CancellationToken ct) => node.Id == localId
        ? desk.Events(max)
        : Read(node, await AskAsync(node, AdministrationKinds.Events, Encode(max), ct).ConfigureAwait(false), ReportJson.Default.IReadOnlyListNodeEvent);

    /// <summary>Asks a node what it, and through it the submitter, knows of a job.</summary>
    /// <inheritdoc cref="ReportAsync"/>
    public async Task<JobExplanation> ExplainAsync(NodeInfo node, string job, CancellationToken ct)
    {
        var request = new ExplainRequest(job, MayAskSubmitter: true);
        return node.Id == localId
            ? desk.Explain(request)
            : Read(node, await AskAsync(node, AdministrationKinds.Explain, request.ToBytes(), ct).ConfigureAwait(false), ReportJson.Default.JobExplanation);
    }

    /// <summary>Asks a node to cancel a job.</summary>
    /// <returns>How many attempts of it were there.</returns>
    /// <inheritdoc cref="ReportAsync"/>
    public async Task<int> CancelAsync(NodeInfo node, CancelRequest request, CancellationToken ct)
    {
        if (node.Id == localId)
        {
            return desk.Cancel(request);
        }

        var answer = await AskAsync(node, AdministrationKinds.Cancel, request.ToBytes(), ct).ConfigureAwait(false);
        return answer is [var count] ? count : throw Unreadable(node, null);
    }

    /// <summary>Asks a node to take no new jobs, to stop when it is idle, or to take jobs again.</summary>
    /// <returns>Why it does not; null when it does.</returns>
    /// <inheritdoc cref="ReportAsync"/>
    public async Task<string?> DrainAsync(NodeInfo node, DrainRequest request, CancellationToken ct)
    {
        if (node.Id == localId)
        {
            return (await desk.DrainAsync(request).WaitAsync(ct).ConfigureAwait(false)).Refusal;
        }

        var answer = await AskAsync(node, AdministrationKinds.Drain, request.ToBytes(), ct).ConfigureAwait(false);
        return DrainAnswer.TryRead(answer, out var read) ? read.Value.Refusal : throw Unreadable(node, null);
    }

    private static byte[] Encode(int number)
    {
        var bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
        return bytes;
    }

    private static T Read<T>(NodeInfo node, byte[] answer, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(answer, type) ?? throw Unreadable(node, null);
        }
        catch (JsonException exception)
        {
            throw Unreadable(node, exception);
        }
    }

    private async Task<byte[]> AskAsync(NodeInfo node, byte kind, byte[] question, CancellationToken ct)
    {
        var answer = new Answer();
        var peer = messenger.GetPeer(node);
        var id = peer.Request(kind, Lane.Control, question, answer);
        try
        {
            return await answer.Task.WaitAsync(ct).ConfigureAwait(false);
        }
        finally
        {
            peer.Abandon(id);
        }
    }

    private static CommunicationException Unreadable(NodeInfo node, Exception? cause) =>
        new($"{node} answered an operator's request with something else than was asked for. It probably runs another version of Grid than this process ({NodeDesk.GridVersion}).", cause);

    private sealed class Answer : IReplyHandler
    {
        private readonly TaskCompletionSource<byte[]> _source = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<byte[]> Task => _source.Task;

        public void OnReply(Peer from, in IncomingMessage message) => _source.TrySetResult(message.Payload.ToArray());

        public void OnFailed(GridException error) => _source.TrySetException(error);
    }
}
