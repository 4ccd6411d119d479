using System.Net;
using Grid.Discovery.ZooKeeper.Session;
using Grid.ZooKeeper;
using Microsoft.Extensions.Configuration;

namespace Grid.Discovery.ZooKeeper;

/// <summary>
/// ZooKeeper as the finder of addresses for a discovery that keeps its members itself: each node has an ephemeral znode with its address under <c>available</c>, in the order of its creation.
/// Nothing is written at rest, and the list is read only when somebody asks for it.
/// </summary>
/// <remarks>It lives on a thread of its own and the client's two. While ZooKeeper is away the addresses stay as they were read last; when its session has ended it opens another.</remarks>
public sealed class ZooKeeperSeeds : ISeedSource
{
    private static readonly TimeSpan ReopenDelayMax = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ReadPause = TimeSpan.FromSeconds(1);
    private readonly DiscoveryContext _context;
    private readonly AsyncSignal _wanted = new();
    private readonly CancellationTokenSource _stopping = new();

    // These belong to the source's thread.
    private SeedSession? _session;
    private Task _following = Task.CompletedTask;
    private bool _isStarted;

    // Written by the source's thread, read by any.
    private volatile IReadOnlyList<IPEndPoint> _current = [];

    // Guarded by the gate: any thread disposes.
    private readonly Lock _gate = new();
    private Task? _disposing;

    /// <summary>Makes the source of one node, not started.</summary>
    /// <param name="options">Where and as whom.</param>
    /// <param name="services">What it takes from its host.</param>
    /// <exception cref="GridConfigurationException">The options are not valid; lists every problem.</exception>
    public ZooKeeperSeeds(ZooKeeperDiscoveryOptions options, ProviderServices services)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(services);
        options.Validate();
        _context = DiscoveryContext.Create(options, services);
    }

    /// <inheritdoc/>
    public IReadOnlyList<IPEndPoint> Current
    {
        get
        {
            _wanted.Set();
            return _current;
        }
    }

    /// <summary>Makes the source from a section with the keys of <see cref="ZooKeeperDiscoveryOptions"/>.</summary>
    /// <param name="section">The section, with the key <c>Cluster</c>.</param>
    /// <param name="services">The node's services: clock, logging and metrics, each optional.</param>
    /// <exception cref="GridConfigurationException">The section is not valid; lists every problem.</exception>
    public static ISeedSource Create(IConfigurationSection section, IServiceProvider services)
    {
        ArgumentNullException.ThrowIfNull(services);
        return new ZooKeeperSeeds(ZooKeeperDiscoveryOptions.Read(section), ProviderServices.From(services));
    }

    /// <inheritdoc/>
    public Task StartAsync(IPEndPoint? own, CancellationToken ct)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposing is not null, this);
            return _context.Thread.RunAsync(() => Failure.TranslateAsync(() => StartOnThreadAsync(own, ct), _context.Options, ct));
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            return new ValueTask(_disposing ??= DisposeCoreAsync());
        }
    }

    private async Task StartOnThreadAsync(IPEndPoint? own, CancellationToken ct)
    {
        if (_isStarted)
        {
            return;
        }

        using var linked = CancellationTokenSource.CreateLinkedTokenSource(ct, _stopping.Token);
        await OpenAsync(own, linked.Token).ConfigureAwait(true);
        _isStarted = true;
        _following = FollowAsync(own);
    }

    private async Task OpenAsync(IPEndPoint? own, CancellationToken ct)
    {
        var session = await SeedSession.OpenAsync(_context, own, ct).ConfigureAwait(true);
        try
        {
            await ReadAsync(session, ct).ConfigureAwait(true);
            _session = session;
        }
        catch
        {
            await session.DisposeAsync().ConfigureAwait(true);
            throw;
        }
    }

    private async Task ReadAsync(SeedSession session, CancellationToken ct)
    {
        _wanted.Reset();
        _current = await session.ReadAsync(ct).ConfigureAwait(true);
    }

    /// <summary>Reads when that is wanted, as long as the session lives, and opens the next when it does not.</summary>
    private async Task FollowAsync(IPEndPoint? own)
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                if (_session is null)
                {
                    await OpenAsync(own, _stopping.Token).ConfigureAwait(true);
                }

                await ReadWhileItLivesAsync(_session!).ConfigureAwait(true);
                await CloseAsync().ConfigureAwait(true);
                await _context.Thread.DelayAsync(ReopenDelayMax * _context.Random.NextDouble(), _stopping.Token).ConfigureAwait(true);
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                ZooKeeperDiscoveryLog.SeedsFailed(_context.Logger, ReopenDelayMax, exception);
                await CloseAsync().ConfigureAwait(true);
                await _context.Thread.DelayAsync(ReopenDelayMax * _context.Random.NextDouble(), _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ReadWhileItLivesAsync(SeedSession session)
    {
        using var life = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        var ending = EndWithAsync(session, life);
        try
        {
            while (true)
            {
                await _wanted.WaitAsync(life.Token).ConfigureAwait(true);
                await TryReadAsync(session, life.Token).ConfigureAwait(true);
                await _context.Thread.DelayAsync(ReadPause, life.Token).ConfigureAwait(true);
            }
        }
        catch (OperationCanceledException) when (life.IsCancellationRequested)
        {
            _stopping.Token.ThrowIfCancellationRequested();
        }
        finally
        {
            await life.CancelAsync().ConfigureAwait(true);
            await ending.ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task TryReadAsync(SeedSession session, CancellationToken ct)
    {
        try
        {
            await ReadAsync(session, ct).ConfigureAwait(true);
        }
        catch (ZooKeeperException exception) when (exception.IsTransient)
        {
            // The session may live, and the address with it. What was read last stays until somebody asks again.
        }
    }

    private static async Task EndWithAsync(SeedSession session, CancellationTokenSource life)
    {
        await session.WhenEndedAsync(life.Token).ConfigureAwait(true);
        await life.CancelAsync().ConfigureAwait(true);
    }

    private async Task CloseAsync()
    {
        if (_session is { } session)
        {
            _session = null;
            await session.DisposeAsync().ConfigureAwait(true);
        }
    }

    private async Task DisposeCoreAsync()
    {
        await _context.Thread.RunAsync(async () =>
        {
            await _stopping.CancelAsync().ConfigureAwait(true);
            await CloseAsync().ConfigureAwait(true);
            await _following.ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
            await CloseAsync().ConfigureAwait(true); // One that was being opened.
        }).ConfigureAwait(false);
        _context.Thread.Dispose();
        _stopping.Dispose();
    }
}
