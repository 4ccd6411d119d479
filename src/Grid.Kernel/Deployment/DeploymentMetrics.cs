using System.Diagnostics.Metrics;

namespace Grid.Kernel.Deployment;

/// <summary>The instruments of the meter <c>Grid.Deployment</c>.</summary>
internal sealed class DeploymentMetrics : IDisposable
{
    private readonly Meter? _meter;
    private long _filesFetched;
    private long _bytesFetched;
    private long _mismatches;
    private long _loaded;
    private long _unloaded;
    private long _refused;

    /// <summary>Publishes the counts.</summary>
    /// <param name="meters">Where to, or null for nowhere.</param>
    /// <param name="contexts">How many load contexts there are: live, unloaded but not collected, and of these those that something keeps.</param>
    /// <param name="cacheBytes">What the cache takes on disk.</param>
    public DeploymentMetrics(IMeterFactory? meters, Func<(int Live, int Uncollected, int Kept)> contexts, Func<long> cacheBytes)
    {
        _meter = meters?.Create("Grid.Deployment");
        _meter?.CreateObservableCounter("grid.deployment.files_fetched", () => Volatile.Read(ref _filesFetched), "{file}", "Files of code that came from other nodes.");
        _meter?.CreateObservableCounter("grid.deployment.bytes_fetched", () => Volatile.Read(ref _bytesFetched), "By", "Bytes of code that came from other nodes.");
        _meter?.CreateObservableCounter("grid.deployment.hash_mismatches", () => Volatile.Read(ref _mismatches), "{file}", "Files that were not what their names say, and were not used.");
        _meter?.CreateObservableCounter("grid.deployment.sets_loaded", () => Volatile.Read(ref _loaded), "{set}", "Load contexts that were made.");
        _meter?.CreateObservableCounter("grid.deployment.sets_unloaded", () => Volatile.Read(ref _unloaded), "{set}", "Load contexts that were given up.");
        _meter?.CreateObservableCounter("grid.deployment.sets_refused", () => Volatile.Read(ref _refused), "{set}", "Sets of code that a job needed and that could not be loaded.");
        _meter?.CreateObservableUpDownCounter("grid.deployment.contexts_live", () => contexts().Live, "{context}", "Load contexts that jobs can use.");
        _meter?.CreateObservableUpDownCounter("grid.deployment.contexts_uncollected", () => contexts().Uncollected, "{context}", "Load contexts that were given up and are still in memory.");
        _meter?.CreateObservableUpDownCounter("grid.deployment.contexts_kept", () => contexts().Kept, "{context}", "Of these, those that survived several collections: something that a job left behind refers to them.");
        _meter?.CreateObservableUpDownCounter("grid.deployment.cache_bytes", cacheBytes, "By", "What the code cache takes on disk, as this process knows it.");
    }

    public long BytesFetched => Volatile.Read(ref _bytesFetched);

    public long FilesFetched => Volatile.Read(ref _filesFetched);

    public void CountFetched(int bytes)
    {
        Interlocked.Increment(ref _filesFetched);
        Interlocked.Add(ref _bytesFetched, bytes);
    }

    public void CountMismatch() => Interlocked.Increment(ref _mismatches);

    public void CountLoaded() => Interlocked.Increment(ref _loaded);

    public void CountUnloaded() => Interlocked.Increment(ref _unloaded);

    public void CountRefused() => Interlocked.Increment(ref _refused);

    public void Dispose() => _meter?.Dispose();
}
