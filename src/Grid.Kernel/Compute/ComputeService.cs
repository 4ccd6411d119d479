using Grid.Kernel.Compute.Execution;
using Grid.Kernel.Compute.Submission;
using Grid.Kernel.Compute.Wire;
using Grid.Kernel.Gossip;
using Grid.Kernel.Health;
using Grid.Kernel.Membership;
using Grid.Messaging;
using Microsoft.Extensions.Logging;

namespace Grid.Kernel.Compute;

/// <summary>
/// The compute part of a node: it submits jobs and, on a worker, runs them. It follows the membership (which nodes there
/// are, whether this one is fenced) and the links (whose submitter is gone).
/// </summary>
internal sealed class ComputeService : IMembershipObserver, ILinkObserver, IMetricsSource, IDisposable
{
    private readonly ComputeOptions _options;
    private readonly ComputeParts _parts;
    private readonly ILogger _logger;
    private readonly TargetDirectory _directory;
    private readonly JobSubmitter _submitter;
    private readonly SubmitterScope _scope;
    private readonly RequestReader _reader;
    private readonly Evacuation _evacuation;
    private readonly JobHost? _host;
    private readonly ComputeMetrics _metrics;
    private readonly JobStatistics _statistics;
    private JobReceiver? _receiver;

    public ComputeService(ComputeOptions options, ComputeParts parts)
    {
        _options = options;
        _parts = parts;
        _logger = parts.Loggers.CreateLogger<ComputeService>();
        _metrics = new ComputeMetrics(parts.Meters, () => Load);
        _statistics = new JobStatistics(parts.Time);
        _reader = new RequestReader(parts.Time, _logger);
        _directory = new TargetDirectory(parts.Messenger, MakeLocalTarget);
        _host = parts.Slots == 0 ? null : MakeHost();
        _submitter = MakeSubmitter();
        _metrics.ShowHeld(() => _submitter.Held.Count);
        _scope = new SubmitterScope(options.InFlightMax);
        _evacuation = new Evacuation(parts.Messenger);
        RegisterHandlers();
    }

    /// <summary>How many jobs run here, and how many wait for a slot.</summary>
    public (int Active, int Waiting) Load => _host?.Scheduler.Load ?? (0, 0);

    private GridViews Views => new(_parts.Membership, _parts.Metrics, _parts.Health, _parts.LocalNode);

    /// <inheritdoc/>
    public void Sample(MetricSample sample, TimeSpan elapsed)
    {
        if (_host is not null)
        {
            var (active, waiting) = _host.Scheduler.Load;
            var (busyLanes, jobs) = _host.Scheduler.Glance;
            sample.SetCount(MetricField.JobLanesBusy, busyLanes);
            sample.SetCount(MetricField.JobLanesBlocked, _host.Scheduler.BlockedLanes);
            sample.SetCount(MetricField.JobsActive, active);
            sample.SetCount(MetricField.JobsWaiting, waiting);
            _statistics.Sample(sample, _metrics.Taken, jobs);
        }
    }

    /// <summary>The metrics of the members have changed. Called on the gossip thread.</summary>
    public void OnMetrics()
    {
        _directory.OnMetrics(_parts.Metrics);
        _host?.LookAtMemory(_parts.Metrics.Find(_parts.LocalId)?.Metrics);
    }

    /// <summary>How the members stand, when it has changed and again and again while somebody is suspect. Called on the messenger's thread.</summary>
    public void OnHealth(HealthView health)
    {
        _directory.OnHealth(health);
        foreach (var suspect in health.Suspects)
        {
            _evacuation.Leave(suspect);
        }
    }

    /// <inheritdoc/>
    public void OnTick() => _host?.OnTick();

    /// <summary>How many jobs are here, and the oldest of them.</summary>
    public (int Count, IReadOnlyList<JobReport> Oldest) ListJobs(int max) => _host?.ListJobs(max) ?? (0, []);

    /// <summary>What the attempts of a job that are here do and wait for, one sentence each.</summary>
    public IReadOnlyList<string> ExplainHere(Func<JobId, bool> isWanted) => _host is null ? [] : [.. new AttemptExplainer(_host).Explain(isWanted)];

    /// <summary>What this process knows of a job that it submitted, one sentence each; nothing when it has ended.</summary>
    public IReadOnlyList<string> ExplainSubmitted(long number, string name) =>
        _submitter.Find(number, _parts.Messenger.Peers) is { } call ? [.. call.Standing.Explain(name, call.Spec, _parts.Time)] : [];

    /// <summary>Cancels a job in its submitter's stead.</summary>
    /// <param name="job">The job.</param>
    /// <param name="by">Who wants it, for the submitter's exception.</param>
    /// <returns>How many attempts of it are here.</returns>
    public int CancelJob(JobId job, string by) => _host?.Cancellation.Cancel(job, by) ?? 0;

    /// <summary>The grid as the process's own code sees it.</summary>
    /// <param name="dispose">What disposing it does.</param>
    public IGrid MakeGrid(Func<ValueTask> dispose) => new GridSurface(_submitter, _scope, Views, dispose);

    /// <summary>Completes at a moment when no job is here.</summary>
    public Task WhenIdleAsync() => _host?.Scheduler.WhenEmptyAsync() ?? Task.CompletedTask;

    /// <summary>Completes when every submitter has taken the answers of this node, or is out of reach.</summary>
    public Task SayFarewellAsync() => _receiver is null ? Task.CompletedTask : Farewell.SayAsync(_receiver.Submitters);

    /// <summary>How many jobs here were cancelled and go on.</summary>
    public int Abandoned => (int)_metrics.Abandoned;

    /// <summary>Whether nothing new is started because memory is short.</summary>
    public bool IsAdmissionPaused => _host?.Scheduler.IsPaused ?? false;

    /// <summary>Refuses new jobs, or takes them again.</summary>
    /// <param name="reason">Why they are refused; null to take them.</param>
    public void CloseAdmission(string? reason) => _host?.Scheduler.Close(reason);

    /// <summary>Hands the jobs that wait back to their submitters.</summary>
    /// <param name="reason">Why, as the end of a sentence about the node.</param>
    public void HandBackWaiting(string reason) => _host?.Cancellation.HandBackWaiting(reason);

    /// <summary>Gives up the jobs that are here; their submitters try elsewhere.</summary>
    public void CancelJobs() => _host?.Cancellation.CancelAll();

    /// <summary>Ends what this process has submitted: its callers see it cancelled.</summary>
    public void EndSubmitting() => _submitter.Dispose();

    /// <summary>Ends everything else, after the links are closed.</summary>
    public void Dispose()
    {
        _host?.Stop();
        _metrics.Dispose();
        _scope.Dispose();
    }

    /// <inheritdoc/>
    public void OnChange(TopologyView view, IReadOnlyList<TopologyChange> changes) => _directory.OnChange(view);

    /// <inheritdoc/>
    public void OnFenced() => _host?.Cancellation.CancelAll();

    /// <inheritdoc/>
    public void OnRejoined(NodeInfo local) => _parts.Messenger.Rejoin(local);

    /// <inheritdoc/>
    public void OnLinkDown(Peer peer, GridException? reason)
    {
        // Its answers cannot be delivered any more, and the submitter has been told that they will not come.
        if (reason is not null)
        {
            _host?.Cancellation.CancelAllOf(peer.Node.Key);
            _parts.Deployment.OnSubmitterGone(peer.Node.Key);
        }
    }

    private LocalTarget? MakeLocalTarget(NodeInfo node) =>
        _host is not null && node.Id == _parts.LocalId ? new LocalTarget(node, _host, _reader) : null;

    private JobHost MakeHost() => new(_options, new JobHostParts
    {
        Slots = _parts.Slots,
        Resources = _parts.Resources,
        Collision = _parts.Providers.Collision,
        Serializer = _parts.Deployment.Serializer,
        Deployment = _parts.Deployment,
        Time = _parts.Time,
        Logger = _logger,
        JobLogger = _parts.Loggers.CreateLogger("Grid.Job"),
        Services = _parts.Services,
        LocalNode = _parts.LocalNode,
        IsFenced = () => !_parts.Membership.HoldsMembership,
        GridFor = GridFor,
        ForkJoin = _parts.ForkJoin,
        Checkpoints = _parts.Providers.Checkpoints,
        Metrics = _metrics,
        Statistics = _statistics,
        Recorder = _parts.Recorder,
    });

    private JobSubmitter MakeSubmitter() => new(_options, new JobSubmitterParts
    {
        LocalId = _parts.LocalId,
        Directory = _directory,
        Providers = _parts.Providers,
        Deployment = _parts.Deployment,
        Time = _parts.Time,
        Random = new Random(_parts.Seed),
        Logger = _logger,
        Metrics = _metrics,
        Recorder = _parts.Recorder,
    });

    /// <summary>The grid of a job: the same nodes, with the job's slot, deadline and cancellation behind what it submits.</summary>
    private GridSurface GridFor(JobRun run) =>
        new(_submitter, new SubmitterScope(_options.InFlightMax, run), Views, () => ValueTask.CompletedTask);

    private void RegisterHandlers()
    {
        _parts.Messenger.Handle(MessageKinds.Notice, _submitter.Followed);
        _parts.Messenger.Handle(MessageKinds.Log, _submitter.Followed);
        _parts.Messenger.Handle(MessageKinds.Running, _submitter.Followed);
        _parts.Messenger.Handle(MessageKinds.Farewell, new Farewell());
        if (_host is not null)
        {
            _receiver = new JobReceiver(_host, _reader);
            _parts.Messenger.Handle(MessageKinds.Execute, _receiver);
            _parts.Messenger.Handle(MessageKinds.Cancel, _receiver);
        }
    }
}
