using System.Globalization;
using Grid.Kernel.Deployment.Code;
using Grid.Messaging;
using Grid.Serialization;
using Microsoft.Extensions.Logging;

namespace Grid.Kernel.Deployment.Loading;

/// <summary>
/// Brings a set of code to this node and loads it, once however many jobs wait for it. Belongs to the deployment thread.
/// </summary>
internal sealed class CodeLoader(
    DeploymentOptions options, DeploymentParts parts, CodeStock stock, ContextTable contexts, CodeFetcher fetcher, ILogger logger)
{
    /// <summary>How many files of a set are under way at once.</summary>
    private const int FilesUnderWay = 8;

    private readonly Dictionary<CodeKey, (NodeKey Submitter, Task Loading)> _loading = [];
    private readonly CodeImages _images = new(stock.Offered, stock.Cache);

    /// <summary>Completes when the code is loaded; it may be retired by then if nobody took a lease.</summary>
    /// <exception cref="CodeShippingException">It cannot be had, or is refused.</exception>
    /// <exception cref="CodeUnavailableException">There is no room for it now.</exception>
    public async Task LoadAsync(CodeNeed need)
    {
        while (_loading.TryGetValue(need.Key, out var underWay))
        {
            if (underWay.Submitter == need.Submitter)
            {
                await underWay.Loading.ConfigureAwait(true);
                return;
            }

            // Another submitter's attempt may fail because of that submitter; then it is this one's turn.
            await underWay.Loading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            if (underWay.Loading.IsCompletedSuccessfully)
            {
                return;
            }
        }

        var own = LoadOnceAsync(need);
        _loading.Add(need.Key, (need.Submitter, own));
        try
        {
            await own.ConfigureAwait(true);
        }
        finally
        {
            _loading.Remove(need.Key);
        }
    }

    private async Task LoadOnceAsync(CodeNeed need)
    {
        // Begins on another turn of the thread, after the caller has entered the task into the table.
        await Task.Yield();
        var startedAt = parts.Time.GetTimestamp();
        try
        {
            var set = await FindSetAsync(need).ConfigureAwait(true);
            var (files, bytes) = await BringAsync(set, need).ConfigureAwait(true);
            var took = parts.Time.GetElapsedTime(startedAt).TotalMilliseconds;
            DeploymentLog.CodeLoaded(logger, set.Id, set.Describe(), set.Files.Length, set.BytesTotal, NameOf(need.Submitter), files, bytes, Math.Round(took, 1));
        }
        catch (GridException exception)
        {
            DeploymentLog.CodeRefused(logger, need.Set, NameOf(need.Submitter), exception.Message);
            throw;
        }
    }

    private async Task<(int Files, long Bytes)> BringAsync(CodeManifest set, CodeNeed need)
    {
        stock.Cache.Pin(set.Files.Select(file => file.Hash));
        try
        {
            var fetched = await FetchMissingAsync(set, need).ConfigureAwait(true);
            contexts.MakeRoom();
            contexts.Add(MakeContext(need.Key, set));
            return fetched;
        }
        catch
        {
            stock.Cache.Unpin(set.Files.Select(file => file.Hash));
            throw;
        }
    }

    private async Task<CodeManifest> FindSetAsync(CodeNeed need)
    {
        var set = stock.Offered.Find(need.Set);
        if (set is not null)
        {
            return set;
        }

        if (!options.CodeShipping)
        {
            throw new CodeShippingException(
                "this node takes no code from others (Grid:Deployment:CodeShipping is false), and its own program is not the one that the job comes from. "
                + "Install the same program there, or allow code shipping.");
        }

        set = stock.Cache.Find(need.Set, options);
        if (set is null)
        {
            set = await fetcher.FetchAsync(need.Set, PeersFor(need)).ConfigureAwait(true);
            Check(set);
            stock.Cache.Add(set);
        }

        return set;
    }

    private void Check(CodeManifest set)
    {
        if (set.BytesTotal > options.SetBytesMax)
        {
            throw new CodeShippingException(string.Create(
                CultureInfo.InvariantCulture, $"the job's code takes {set.BytesTotal} bytes; this node takes {options.SetBytesMax} (Grid:Deployment:SetBytesMax)"));
        }

        foreach (var file in set.Files)
        {
            if (file.Bytes > options.FileBytesMax)
            {
                throw new CodeShippingException(string.Create(
                    CultureInfo.InvariantCulture, $"{file.Path} of the job's code takes {file.Bytes} bytes; this node takes {options.FileBytesMax} (Grid:Deployment:FileBytesMax)"));
            }
        }
    }

    private async Task<(int Files, long Bytes)> FetchMissingAsync(CodeManifest set, CodeNeed need)
    {
        var missing = set.UsableOn(RuntimeIdentifiers.Current).Where(file => !_images.Has(file)).DistinctBy(file => file.Hash).ToList();
        if (missing.Count == 0)
        {
            return (0, 0);
        }

        var peers = PeersFor(need);
        foreach (var some in missing.Chunk(FilesUnderWay))
        {
            await Task.WhenAll(some.Select(file => FetchAsync(file, peers, need.Submitter))).ConfigureAwait(true);
        }

        return (missing.Count, missing.Sum(file => (long)file.Bytes));
    }

    private async Task FetchAsync(CodeFile file, IReadOnlyList<Peer> peers, NodeKey submitter)
    {
        var fetched = await fetcher.FetchAsync(file, peers).ConfigureAwait(true);
        if (!stock.Cache.Contains(file.Hash))
        {
            stock.Cache.Add(file.Hash, fetched.Content);
            DeploymentLog.FileFetched(logger, file, file.Bytes, file.Hash, fetched.From, NameOf(submitter));
        }
    }

    /// <summary>The submitter, over the link that is there; then a few members, each set beginning at another one.</summary>
    private List<Peer> PeersFor(CodeNeed need)
    {
        var peers = new List<Peer>();
        if (parts.Messenger.FindPeer(need.Submitter) is { } submitter)
        {
            peers.Add(submitter);
        }

        var others = parts.View().Nodes.Where(node => node.Id != parts.LocalId && node.Key != need.Submitter).ToList();
        var start = others.Count == 0 ? 0 : (int)(need.Set.Value % (uint)others.Count);
        for (var i = 0; i < Math.Min(options.PeersTriedMax, others.Count); i++)
        {
            peers.Add(parts.Messenger.GetPeer(others[(start + i) % others.Count]));
        }

        return peers;
    }

    /// <summary>For the log: with its name, as long as there is a link to it.</summary>
    private string NameOf(NodeKey submitter) => parts.Messenger.FindPeer(submitter)?.Node.ToString() ?? submitter.ToString();

    private CodeContext MakeContext(CodeKey key, CodeManifest set)
    {
        var context = new JobLoadContext(set, stock.Host, _images);
        var catalog = new ContextCatalog(set, context, stock.Catalog, stock.Host);
        return CodeContext.Of(key, set, context, new GridSerializer(parts.Serialization, catalog));
    }
}
