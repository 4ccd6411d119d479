using System.Diagnostics.CodeAnalysis;
using Grid.Kernel.Deployment.Cache;
using Grid.Kernel.Deployment.Code;
using Grid.Kernel.Deployment.Loading;
using Grid.Kernel.Deployment.Origin;
using Grid.Kernel.Deployment.Wire;
using Grid.Kernel.Gossip;
using Grid.Kernel.Membership;
using Grid.Messaging;
using Grid.Serialization;
using Microsoft.Extensions.Logging;

namespace Grid.Kernel.Deployment;

/// <summary>
/// The code of jobs: at a submitter, which set a job needs, and its bytes for those who ask; at a worker, the loaded code that a job runs in. Everything that waits or takes
/// long happens on a thread of its own.
/// </summary>
internal sealed class DeploymentService : IMetricsSource, ILinkObserver, IDisposable
{
    private readonly DeploymentOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SerialThread _thread = new("grid-deployment");
    private readonly OfferedCode _offered;
    private readonly CodeCache _cache;
    private readonly CodeServer _server;
    private readonly CodeContext _program;
    private readonly ContextTable _contexts;
    private readonly CodeLoader _loader;
    private int _isSweeping;

    // Of the messenger's thread.
    private long _sweptAt;

    public DeploymentService(DeploymentOptions options, DeploymentParts parts)
    {
        _options = options;
        _time = parts.Time;
        _logger = parts.Loggers.CreateLogger<DeploymentService>();
        var host = HostCode.With(options.Shared);
        var catalog = new HostCatalog(host);
        var cache = _cache = new CodeCache(options, parts.Time, _logger);
        var watch = new UnloadWatch(_logger);
        _offered = new OfferedCode(catalog, host);
        Metrics = new DeploymentMetrics(parts.Meters, () => _contexts!.Counts, () => cache.Bytes);
        _program = CodeContext.OfProgram(new GridSerializer(parts.Serialization, catalog));
        _contexts = new ContextTable(options, parts.Time, Metrics, watch, cache, _logger);
        _server = new CodeServer(options, _offered, cache, _thread, _logger);
        _loader = new CodeLoader(options, parts, new CodeStock(host, catalog, _offered, cache), _contexts, new CodeFetcher(options, parts.Time, Metrics), _logger);
        parts.Messenger.Handle(CodeRequest.Kind, _server);
    }

    /// <inheritdoc/>
    void IMetricsSource.Sample(MetricSample sample, TimeSpan elapsed)
    {
        sample.SetCount(MetricField.LoadContexts, _contexts.Counts.Live);
        sample.SetCount(MetricField.CodeCacheBytes, _cache.Bytes);
    }

    public DeploymentMetrics Metrics { get; }

    /// <summary>Reads and writes with this program's own code.</summary>
    public GridSerializer Serializer => _program.Serializer;

    /// <summary>How many load contexts there are: live, given up but still in memory, and of these those that something keeps.</summary>
    public (int Live, int Uncollected, int Kept) Contexts => _contexts.Counts;

    /// <summary>The set of code that a job needs, to be told to the node that runs it.</summary>
    /// <param name="job">Its serialized delegate.</param>
    /// <param name="argument">Its serialized argument, or nothing.</param>
    /// <exception cref="CodeShippingException">Some of the code cannot be shipped.</exception>
    public CodeSetId SetFor(ReadOnlySpan<byte> job, ReadOnlySpan<byte> argument) => _offered.SetFor(job, argument);

    /// <summary>Takes a lease on code that is loaded already. Any thread; never waits.</summary>
    /// <returns>False when it has to be loaded: <see cref="LeaseAsync"/>.</returns>
    public bool TryLease(in CodeNeed need, [NotNullWhen(true)] out CodeContext? context)
    {
        if (need.Set.IsNone)
        {
            context = _program;
            return true;
        }

        return _contexts.TryLease(need.Key, need.Submitter, out context);
    }

    /// <summary>Takes a lease on code that may have to be fetched first. Any thread.</summary>
    /// <param name="need">What the job needs.</param>
    /// <param name="modules">The modules that its payloads name.</param>
    /// <param name="ready">Gets the code, on the deployment thread, and must not block; the lease is given back with <see cref="CodeContext.Release"/>.</param>
    /// <param name="failed">
    /// Told, on that thread, why there is none: <see cref="CodeShippingException"/> when it cannot be had, <see cref="CodeUnavailableException"/> when there is no room for it now.
    /// </param>
    /// <returns>The wait. One of the two has been called when it ends; callbacks instead of a result, because what awaits a result would go on on the shared pool, which jobs may block.</returns>
    public Task LeaseAsync(CodeNeed need, ModuleList modules, Action<CodeContext> ready, Action<Exception> failed) => _thread.RunAsync(async () =>
    {
        CodeContext context;
        try
        {
            context = await LeaseHereAsync(need, modules).ConfigureAwait(true);
        }
        catch (Exception exception)
        {
            failed(exception);
            return;
        }

        ready(context);
    });

    /// <summary>A submitter is gone: code that nobody else uses is unloaded when its jobs are done.</summary>
    public void OnSubmitterGone(NodeKey submitter)
    {
        if (!_contexts.IsEmpty)
        {
            _ = _thread.RunAsync(() => _contexts.Forget(submitter));
        }
    }

    /// <inheritdoc/>
    void ILinkObserver.OnTick()
    {
        // At rest nothing is queued and no thread is started; one sweep at a time.
        if (!_contexts.IsEmpty && _time.GetElapsedTime(_sweptAt) >= _options.SweepPeriod && Interlocked.Exchange(ref _isSweeping, 1) == 0)
        {
            _sweptAt = _time.GetTimestamp();
            _ = _thread.RunAsync(Sweep);
        }
    }

    /// <summary>Looks now for what can be unloaded and what has been collected, as otherwise happens every <see cref="DeploymentOptions.SweepPeriod"/>.</summary>
    public Task SweepAsync() => _thread.RunAsync(Sweep);

    /// <summary>Unloads what it can; what jobs still hold goes with them.</summary>
    public void Dispose()
    {
        if (!_contexts.IsEmpty)
        {
            _ = _thread.RunAsync(_contexts.Clear);
        }

        _thread.Dispose();
        Metrics.Dispose();
    }

    private async Task<CodeContext> LeaseHereAsync(CodeNeed need, ModuleList modules)
    {
        var wasLoaded = TryLease(need, out var context);
        while (!wasLoaded)
        {
            // Isolated or not, what this program consists of is never fetched.
            var isProgram = _offered.SetOfProgram(modules) == need.Set;
            if (isProgram && need.Isolation == CodeIsolation.Shared)
            {
                _contexts.AddProgram(need.Key, _program);
            }
            else
            {
                await _loader.LoadAsync(need).ConfigureAwait(true);
            }

            wasLoaded = TryLease(need, out context);
        }

        return context!;
    }

    private void Sweep()
    {
        try
        {
            _contexts.Sweep();
            _server.Rest();
        }
        catch (Exception exception)
        {
            DeploymentLog.SweepFailed(_logger, exception);
        }
        finally
        {
            Volatile.Write(ref _isSweeping, 0);
        }
    }
}
