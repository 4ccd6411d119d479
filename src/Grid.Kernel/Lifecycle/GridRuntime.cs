using Grid.Kernel.Administration;
using Grid.Kernel.Compute;
using Grid.Kernel.Deployment;
using Grid.Kernel.ForkJoin;
using Grid.Kernel.ForkJoin.Stealing;
using Grid.Kernel.Health;
using Grid.Kernel.Membership;
using Grid.Messaging;
using Grid.Spi;
using Microsoft.Extensions.Logging;

namespace Grid.Kernel.Lifecycle;

/// <summary>
/// One node, worker or client: it wires the parts together, starts them in order and stops them in the reverse order.
/// </summary>
/// <remarks>
/// Start: listen, join, accept. The listener is bound before the node is registered, so that its address is known, and accepts
/// links after it, because the cluster's identity comes from the registry. Stop: take no more, drain, leave, close.
/// </remarks>
internal sealed class GridRuntime : IAsyncDisposable
{
    private readonly GridRuntimeSettings _settings;
    private readonly GridRuntimeParts _parts;
    private readonly ILogger _logger;
    private readonly Messenger _messenger;
    private readonly MembershipService _membership;
    private readonly NodeSenses _senses;
    private readonly DeploymentService _deployment;
    private readonly ComputeService _compute;
    private readonly ForkJoinService _forkJoin;
    private readonly NodeDrain _drain;
    private readonly Lock _gate = new();
    private Task? _stopping;
    private NodeInfo _identity;

    private GridRuntime(GridRuntimeSettings settings, GridRuntimeParts parts)
    {
        _settings = settings;
        _parts = parts;
        _logger = parts.Loggers.CreateLogger<GridRuntime>();
        _identity = NodeIdentity.Make(settings, parts.Random);
        _messenger = new Messenger(settings.Messaging, parts.Communication, new MessengerServices(parts.Time, parts.Random.Next(), parts.Loggers, parts.Meters));
        _membership = new MembershipService(
            parts.Discovery, settings.Membership, parts.Time, new Random(parts.Random.Next()), parts.Loggers.CreateLogger<MembershipService>(), parts.Meters);
        _senses = new NodeSenses(settings, parts, _identity, _messenger, _membership);
        _deployment = MakeDeployment();
        _forkJoin = MakeForkJoin();
        _compute = MakeCompute();
        _senses.Connect([_compute, _deployment, _forkJoin], _compute.OnMetrics, OnHealth);
        _membership.Observe(_senses.Gossip);
        _membership.Observe(_senses.Health);
        _membership.Observe(_compute);
        _forkJoin.Follow(_membership, _messenger, before: new LinkObservers([_senses.Health, _compute, _deployment]));
        _drain = new NodeDrain(_membership, _compute, _logger, OnStopWanted);
        Inquiry = MakeInquiry();
        Grid = _compute.MakeGrid(() => new ValueTask(StopAsync(CancellationToken.None)));
    }

    /// <summary>What users of the node see.</summary>
    public IGrid Grid { get; }

    /// <summary>The code of jobs on this node.</summary>
    public DeploymentService Deployment => _deployment;

    /// <summary>The fork/join computations of this node.</summary>
    public ForkJoinService ForkJoin => _forkJoin;

    /// <summary>What operators ask nodes.</summary>
    public NodeInquiry Inquiry { get; }

    /// <summary>The local record as it is now.</summary>
    public NodeInfo LocalNode => _membership.Local ?? _identity;

    /// <summary>Starts a node. When it throws, nothing is left behind.</summary>
    public static async Task<GridRuntime> StartAsync(GridRuntimeSettings settings, GridRuntimeParts parts, CancellationToken ct)
    {
        var runtime = new GridRuntime(settings, parts);
        try
        {
            await runtime.StartAsync(ct).ConfigureAwait(false);
            return runtime;
        }
        catch
        {
            await runtime.KillAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>
    /// Takes no more jobs, lets the running ones end within the drain time, leaves and closes. Idempotent; the token shortens the
    /// drain, never the rest.
    /// </summary>
    public Task StopAsync(CancellationToken ct)
    {
        lock (_gate)
        {
            return _stopping ??= StopOnceAsync(ct);
        }
    }

    /// <summary>Ends the node without a good-bye, as a crash would: the others find out by themselves.</summary>
    public Task KillAsync()
    {
        lock (_gate)
        {
            return _stopping ??= CloseAsync();
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => new(StopAsync(CancellationToken.None));

    private async Task StartAsync(CancellationToken ct)
    {
        if (!_settings.IsClient)
        {
            _identity = _identity with { Endpoints = [.. await _messenger.ListenAsync(ct).ConfigureAwait(false)] };
        }

        // Links first: the first view makes peers of the members.
        await _membership.StartAsync(
            _settings.IsClient ? null : _identity, cluster => _messenger.Start(new LocalPeer(_identity, cluster)), ct).ConfigureAwait(false);
        _senses.Gossip.Start();
        LifecycleLog.Started(_logger, LocalNode, string.Join(", ", LocalNode.Endpoints));
    }

    private void OnHealth(HealthView health)
    {
        _compute.OnHealth(health);
        _forkJoin.OnHealth(health);
    }

    private void OnStopWanted()
    {
        if (_parts.StopProcess is { } stop)
        {
            stop();
        }
        else
        {
            _ = StopAsync(CancellationToken.None); // Kept, and awaited by whoever stops or disposes the node.
        }
    }

    private async Task StopOnceAsync(CancellationToken ct)
    {
        if (!_settings.IsClient)
        {
            await _drain.FinishAsync(_settings, _parts.Time, ct).ConfigureAwait(false);
        }

        _senses.Health.EndWatch();
        using (var limit = new CancellationTokenSource(_settings.LeaveTimeout, _parts.Time))
        {
            await _membership.StopAsync(limit.Token).ConfigureAwait(false);
        }

        await CloseAsync().ConfigureAwait(false);
        LifecycleLog.Stopped(_logger, LocalNode);
    }

    private async Task CloseAsync()
    {
        _drain.Dispose();
        _compute.EndSubmitting();
        _senses.Dispose();
        await _messenger.DisposeAsync().ConfigureAwait(false);
        await _membership.DisposeAsync().ConfigureAwait(false);
        await _parts.Discovery.DisposeAsync().ConfigureAwait(false);
        _compute.Dispose();
        _forkJoin.Dispose();
        _deployment.Dispose();
    }

    private NodeInquiry MakeInquiry()
    {
        var desk = new NodeDesk(new NodeDeskParts
        {
            LocalNode = () => LocalNode,
            Compute = _compute,
            Health = _senses.Health,
            Metrics = _senses.Gossip.View,
            Recorder = _senses.Recorder,
            Messenger = _messenger,
            Drain = _drain.CarryOutAsync,
            Time = _parts.Time,
        });
        desk.Register();
        return new NodeInquiry(_messenger, desk, _identity.Id);
    }

    private DeploymentService MakeDeployment() => new(_settings.Deployment, new DeploymentParts
    {
        LocalId = _identity.Id,
        Messenger = _messenger,
        View = () => _membership.Current,
        Serialization = _settings.Serialization,
        Time = _parts.Time,
        Loggers = _parts.Loggers,
        Meters = _parts.Meters,
    });

    private ForkJoinService MakeForkJoin() => new(_settings.ForkJoin, new StealParts
    {
        Messenger = _messenger,
        View = () => _membership.Current,
        Health = () => _senses.Health.View,
        LocalNode = () => LocalNode,
        Time = _parts.Time,
        Seed = _parts.Random.Next(),
        Loggers = _parts.Loggers,
        Meters = _parts.Meters,
    });

    private ComputeService MakeCompute() => new(_settings.Compute, new ComputeParts
    {
        LocalId = _identity.Id,
        Slots = _identity.Slots,
        Messenger = _messenger,
        Membership = _membership,
        Metrics = _senses.Gossip.View,
        Health = _senses.Health,
        Recorder = _senses.Recorder,
        LocalNode = () => LocalNode,
        Deployment = _deployment,
        ForkJoin = _forkJoin.Engine,
        Providers = _parts.ForCompute,
        Resources = _settings.Resources,
        Time = _parts.Time,
        Seed = _parts.Random.Next(),
        Loggers = _parts.Loggers,
        Meters = _parts.Meters,
        Services = _parts.Services,
    });
}
