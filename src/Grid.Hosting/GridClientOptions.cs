using Grid.Spi;
using Microsoft.Extensions.DependencyInjection;

namespace Grid.Hosting;

/// <summary>What a client gets from its program beside configuration.</summary>
public sealed class GridClientOptions
{
    /// <summary>Adds services: logging providers, metrics, a clock. Default: none.</summary>
    public Action<IServiceCollection>? AddServices { get; init; }

    /// <summary>Registers SPI providers beside those that come with Grid. Default: none.</summary>
    public Action<IGridProviders>? AddProviders { get; init; }

    /// <summary>
    /// Keys under <c>Grid</c>, such as <c>Client:ConnectTimeout</c>, that go before the environment when a client connects by URL; what the URL says goes before them. Default: none.
    /// </summary>
    public IReadOnlyDictionary<string, string?> Settings { get; init; } = new Dictionary<string, string?>();
}
