using Grid.Kernel.Lifecycle;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Grid.Hosting;

/// <summary>Starts the node with the host and drains it when the host stops.</summary>
internal sealed class GridHostedService : IHostedService
{
    private readonly IConfiguration _configuration;
    private readonly IServiceProvider _services;
    private readonly GridProviders _providers;
    private volatile GridRuntime? _runtime; // Written by StartAsync, read by whoever uses the injected grid.

    public GridHostedService(IConfiguration configuration, IServiceProvider services, GridProviders providers)
    {
        _configuration = configuration;
        _services = services;
        _providers = providers;
        Grid = new ForwardingGrid(GetStarted, EndAsync);
    }

    /// <summary>The grid that is injected; it can be held before the host has started, not used.</summary>
    public IGrid Grid { get; }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var composition = await NodeComposition.CreateAsync(_configuration, _services, _providers).ConfigureAwait(false);
        _runtime = await GridRuntime.StartAsync(composition.Settings, composition.Parts, cancellationToken).ConfigureAwait(false);
    }

    public Task StopAsync(CancellationToken cancellationToken) => _runtime?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    private IGrid GetStarted() => _runtime?.Grid
        ?? throw new InvalidOperationException("The grid has not started: it starts with the host. Call AddGrid before adding the services that use the grid, and use it only once the host has started.");

    private ValueTask EndAsync() => _runtime?.DisposeAsync() ?? ValueTask.CompletedTask;
}
