using System.Globalization;
using Grid.Kernel.Deployment.Code;
using Grid.Kernel.Deployment.Wire;
using Grid.Messaging;

namespace Grid.Kernel.Deployment.Loading;

/// <summary>
/// Gets manifests and files from other nodes, each of them once however many wait for it, the nodes one after the other until one has it. Belongs to
/// the deployment thread.
/// </summary>
internal sealed class CodeFetcher(DeploymentOptions options, TimeProvider time, DeploymentMetrics metrics)
{
    /// <summary>How many pieces are under way at once: enough to keep a link of 10 Gbit/s and 1 ms busy.</summary>
    private const int PiecesUnderWay = 4;

    private readonly Dictionary<FileHash, Task<Fetched>> _files = [];

    /// <summary>Gets a manifest.</summary>
    /// <exception cref="CodeShippingException">None of the nodes gives it; the message says why, for each.</exception>
    public async Task<CodeManifest> FetchAsync(CodeSetId set, IReadOnlyList<Peer> peers)
    {
        var refusals = new List<string>();
        foreach (var peer in peers)
        {
            var (content, refusal) = await FetchAsync(peer, new CodeRequest(set, default, 0, CodeRequest.PieceBytesMax), ManifestBytesMax()).ConfigureAwait(true);
            if (content is not null && CodeManifest.TryRead(content, options, out var manifest) && manifest.Id == set)
            {
                return manifest;
            }

            refusals.Add($"{peer.Node}: {refusal ?? "its manifest does not fit the name of the set, or exceeds a limit (Grid:Deployment:SetFilesMax)"}");
        }

        throw Refused($"The list of the code {set}", refusals);
    }

    /// <summary>Gets a file; its content has the hash that was asked for.</summary>
    /// <exception cref="CodeShippingException">None of the nodes gives it; the message says why, for each.</exception>
    public async Task<Fetched> FetchAsync(CodeFile file, IReadOnlyList<Peer> peers)
    {
        while (_files.TryGetValue(file.Hash, out var underWay))
        {
            // Somebody else's attempt may fail because of the nodes that it asks; then it is our turn.
            await ((Task)underWay).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            if (underWay.IsCompletedSuccessfully)
            {
                return await underWay.ConfigureAwait(true);
            }
        }

        var own = FetchFromAnyAsync(file, peers);
        _files.Add(file.Hash, own);
        try
        {
            return await own.ConfigureAwait(true);
        }
        finally
        {
            _files.Remove(file.Hash);
        }
    }

    private async Task<Fetched> FetchFromAnyAsync(CodeFile file, IReadOnlyList<Peer> peers)
    {
        // Begins on another turn of the thread, after the caller has entered the task into the table.
        await Task.Yield();
        var refusals = new List<string>();
        foreach (var peer in peers)
        {
            var (content, refusal) = await FetchAsync(peer, new CodeRequest(default, file.Hash, 0, CodeRequest.PieceBytesMax), file.Bytes).ConfigureAwait(true);
            if (content is not null && FileHash.Of(content) == file.Hash)
            {
                metrics.CountFetched(content.Length);
                return new Fetched(content, peer.Node);
            }

            if (content is not null)
            {
                metrics.CountMismatch();
                refusal = "what it gave has another hash";
            }

            refusals.Add($"{peer.Node}: {refusal}");
        }

        throw Refused($"The file {file.Path} ({file.Hash.ToShortString()}) of a job's code", refusals);
    }

    /// <summary>Gets all pieces of one thing from one node.</summary>
    private async Task<(byte[]? Content, string? Refusal)> FetchAsync(Peer peer, CodeRequest request, int bytesMax)
    {
        var first = await AskAsync(peer, request).ConfigureAwait(true);
        if (first.Status != CodeStatus.Given)
        {
            return (null, first.Reason);
        }

        if (first.Total > bytesMax)
        {
            return (null, string.Create(CultureInfo.InvariantCulture, $"it is {first.Total} bytes long; at most {bytesMax} were expected"));
        }

        if (first.Content.Length == first.Total)
        {
            return (first.Content, null);
        }

        var content = new byte[first.Total];
        first.Content.CopyTo(content, 0);
        var refusal = await FetchRestAsync(peer, request, content, first.Content.Length).ConfigureAwait(true);
        return (refusal is null ? content : null, refusal);
    }

    private async Task<string?> FetchRestAsync(Peer peer, CodeRequest request, byte[] content, int from)
    {
        var underWay = new Queue<(int Offset, Task<Piece> Piece)>();
        var next = from;
        while (next < content.Length || underWay.Count > 0)
        {
            while (next < content.Length && underWay.Count < PiecesUnderWay)
            {
                underWay.Enqueue((next, AskAsync(peer, request with { Offset = next })));
                next += Math.Min(request.Count, content.Length - next);
            }

            var (offset, asked) = underWay.Dequeue();
            var piece = await asked.ConfigureAwait(true);
            var expected = Math.Min(request.Count, content.Length - offset);
            if (piece.Status != CodeStatus.Given || piece.Total != content.Length || piece.Content.Length != expected)
            {
                return piece.Reason.Length > 0 ? piece.Reason : "its pieces do not fit together";
            }

            piece.Content.CopyTo(content, offset);
        }

        return null;
    }

    private async Task<Piece> AskAsync(Peer peer, CodeRequest request)
    {
        var reply = new PieceReply();
        var id = peer.Request(CodeRequest.Kind, Lane.Bulk, request.ToBytes(), reply);
        try
        {
            return await reply.Task.WaitAsync(options.FetchTimeout, time).ConfigureAwait(true);
        }
        catch (TimeoutException)
        {
            peer.Abandon(id);
            return new Piece(CodeStatus.Refused, 0, [], string.Create(CultureInfo.InvariantCulture, $"it did not answer within {options.FetchTimeout.TotalSeconds:0.#} s (Grid:Deployment:FetchTimeout)"));
        }
    }

    /// <summary>What a manifest of as many files as are allowed takes, with texts of usual length.</summary>
    private int ManifestBytesMax() => (64 * 1024) + (options.SetFilesMax * 512);

    private static CodeShippingException Refused(string what, List<string> refusals) =>
        new($"{what} could not be had:{string.Concat(refusals.Select(refusal => $"{Environment.NewLine}  - {refusal}"))}");
}
