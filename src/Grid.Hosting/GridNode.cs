using Grid.Kernel.Lifecycle;
using Grid.Spi;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Grid.Hosting;

/// <summary>Starts a worker node without a generic host.</summary>
public static class GridNode
{
    /// <summary>Joins the cluster that the configuration names and takes jobs until the grid is disposed.</summary>
    /// <param name="configuration">The section with Grid's keys, or a root that has it under the name <c>Grid</c>; see <see cref="GridOptions"/>.</param>
    /// <param name="ct">Gives the start up; nothing is left behind.</param>
    /// <returns>The grid. Disposing it drains the node for at most <see cref="NodeOptions.DrainTimeout"/> and leaves the cluster.</returns>
    /// <exception cref="GridConfigurationException">The configuration cannot be used; lists every problem.</exception>
    public static Task<IGrid> StartAsync(IConfiguration configuration, CancellationToken ct = default) =>
        StartAsync(configuration, _ => { }, _ => { }, ct);

    /// <inheritdoc cref="StartAsync(IConfiguration, CancellationToken)"/>
    /// <param name="configuration">The section with Grid's keys, or a root that has it under the name <c>Grid</c>; see <see cref="GridOptions"/>.</param>
    /// <param name="addServices">Adds services: logging providers, or what jobs take from <see cref="IJobContext.Services"/>.</param>
    /// <param name="addProviders">Registers SPI providers beside those that come with Grid.</param>
    /// <param name="ct">Gives the start up; nothing is left behind.</param>
    public static async Task<IGrid> StartAsync(
        IConfiguration configuration, Action<IServiceCollection> addServices, Action<IGridProviders> addProviders, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(addServices);
        ArgumentNullException.ThrowIfNull(addProviders);
        var services = CreateServices(addServices);
        try
        {
            var providers = BuiltInProviders.Create();
            addProviders(providers);
            var composition = await NodeComposition.CreateAsync(configuration, services, providers).ConfigureAwait(false);
            var runtime = await GridRuntime.StartAsync(composition.Settings, composition.Parts, ct).ConfigureAwait(false);
            return new ForwardingGrid(() => runtime.Grid, () => EndAsync(runtime, services));
        }
        catch
        {
            await services.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>The services that every node needs, unless somebody has added them before.</summary>
    internal static void AddRequiredServices(IServiceCollection services)
    {
        services.AddLogging();
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
    }

    internal static ServiceProvider CreateServices(Action<IServiceCollection> addServices)
    {
        var services = new ServiceCollection();
        addServices(services);
        AddRequiredServices(services);
        return services.BuildServiceProvider();
    }

    private static async ValueTask EndAsync(GridRuntime runtime, ServiceProvider services)
    {
        await runtime.DisposeAsync().ConfigureAwait(false);
        await services.DisposeAsync().ConfigureAwait(false);
    }
}
