using Microsoft.Extensions.Configuration;

namespace Grid.Hosting;

/// <summary>
/// Connects a program that submits work and runs none. It sees the members through the same discovery as they do, registers nothing, listens nowhere, and talks to
/// them over links that it opens itself, so it may be behind a firewall or address translation. It survives the loss of any member and of the registry.
/// </summary>
public static class GridClient
{
    /// <summary>Connects to the cluster of a URL.</summary>
    /// <param name="url">
    /// Such as <c>zookeeper://zk1:2181,zk2:2181/grid?cluster=demo</c>; see <see cref="ClientOptions.Url"/>. What it does not say is taken from environment variables such as
    /// <c>Grid__Security__ClusterSecret</c>; <c>GRID_SECRET</c> stands for that one.
    /// </param>
    /// <param name="ct">Gives the attempt up; nothing is left behind.</param>
    /// <returns>The grid. Disposing it cancels what it has submitted and closes its links.</returns>
    /// <exception cref="GridConfigurationException">URL or configuration cannot be used; lists every problem.</exception>
    /// <exception cref="DiscoveryException">No registry answered within <see cref="ClientOptions.ConnectTimeout"/>, or the cluster has no members.</exception>
    /// <exception cref="AuthenticationException">The members did not accept the secret.</exception>
    /// <exception cref="CommunicationException">No member could be reached.</exception>
    public static Task<IGrid> ConnectAsync(string url, CancellationToken ct = default) => ConnectAsync(url, new GridClientOptions(), ct);

    /// <inheritdoc cref="ConnectAsync(string, CancellationToken)"/>
    /// <param name="url">The cluster.</param>
    /// <param name="options">Services, providers and settings.</param>
    /// <param name="ct">Gives the attempt up; nothing is left behind.</param>
    public static Task<IGrid> ConnectAsync(string url, GridClientOptions options, CancellationToken ct = default) =>
        ConnectAsync(ClientSession.Configure(url, options), options, ct);

    /// <summary>Connects to the cluster that the configuration names.</summary>
    /// <param name="configuration">The section with Grid's keys, or a root that has it under the name <c>Grid</c>; see <see cref="GridOptions"/> and <see cref="ClientOptions"/>. The same section as a worker's will do.</param>
    /// <param name="ct">Gives the attempt up; nothing is left behind.</param>
    /// <inheritdoc cref="ConnectAsync(string, CancellationToken)"/>
    public static Task<IGrid> ConnectAsync(IConfiguration configuration, CancellationToken ct = default) => ConnectAsync(configuration, new GridClientOptions(), ct);

    /// <inheritdoc cref="ConnectAsync(IConfiguration, CancellationToken)"/>
    /// <param name="configuration">The section with Grid's keys, or a root that has it under the name <c>Grid</c>.</param>
    /// <param name="options">Services and providers.</param>
    /// <param name="ct">Gives the attempt up; nothing is left behind.</param>
    public static async Task<IGrid> ConnectAsync(IConfiguration configuration, GridClientOptions options, CancellationToken ct = default)
    {
        var session = await ClientSession.OpenAsync(configuration, options, ct).ConfigureAwait(false);
        return new ForwardingGrid(() => session.Runtime.Grid, session.DisposeAsync);
    }
}
