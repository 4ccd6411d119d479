using Grid;
using Grid.Hosting;
using Grid.Spi;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds a grid node to an application.</summary>
public static class GridServiceCollectionExtensions
{
    /// <summary>
    /// Adds a node that starts and stops with the host, and <see cref="IGrid"/> to be injected. The configuration is validated when the host
    /// starts: <see cref="GridConfigurationException"/> then lists every problem.
    /// </summary>
    /// <param name="services">The application's services; jobs find them under <see cref="IJobContext.Services"/>.</param>
    /// <param name="configuration">The section with Grid's keys, or a root that has it under the name <c>Grid</c>; see <see cref="GridOptions"/>.</param>
    /// <param name="addProviders">Registers SPI providers beside those that come with Grid.</param>
    /// <returns>The services.</returns>
    /// <exception cref="InvalidOperationException">A node was added before.</exception>
    public static IServiceCollection AddGrid(this IServiceCollection services, IConfiguration configuration, Action<IGridProviders>? addProviders = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        if (services.Any(service => service.ServiceType == typeof(GridHostedService)))
        {
            throw new InvalidOperationException("AddGrid was called before. A container holds one node; start further nodes with GridNode.StartAsync.");
        }

        var providers = BuiltInProviders.Create();
        addProviders?.Invoke(providers);
        GridNode.AddRequiredServices(services);
        services.AddSingleton(container => new GridHostedService(configuration, container, providers));
        services.AddSingleton<IHostedService>(container => container.GetRequiredService<GridHostedService>());
        services.AddSingleton(container => container.GetRequiredService<GridHostedService>().Grid);
        return services;
    }
}
