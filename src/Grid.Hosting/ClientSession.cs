using System.Globalization;
using Grid.Kernel.Lifecycle;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Grid.Hosting;

/// <summary>A connected client: the runtime of a node that registers nothing, and the services made for it.</summary>
internal sealed class ClientSession : IAsyncDisposable
{
    private const int AskedAtOnceMax = 8;

    private readonly ServiceProvider _services;
    private readonly GridOptions _options;

    private ClientSession(ServiceProvider services, GridOptions options, GridRuntime runtime)
    {
        _services = services;
        _options = options;
        Runtime = runtime;
    }

    public GridRuntime Runtime { get; }

    /// <summary>The configuration of a client that was given a URL.</summary>
    public static IConfiguration Configure(string url, GridClientOptions options)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(url);
        ArgumentNullException.ThrowIfNull(options);
        var environment = new ConfigurationBuilder().AddEnvironmentVariables().Build();
        var pairs = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase) { ["Security:ClusterSecret"] = environment["GRID_SECRET"] ?? "" };
        foreach (var (key, value) in environment.GetSection("Grid").AsEnumerable(makePathsRelative: true).Concat(options.Settings))
        {
            pairs[key] = value;
        }

        pairs[ClientOptions.UrlKey] = url;
        return new ConfigurationBuilder().AddInMemoryCollection(pairs.Select(pair => KeyValuePair.Create("Grid:" + pair.Key, pair.Value))).Build().GetSection("Grid");
    }

    public static async Task<ClientSession> OpenAsync(IConfiguration configuration, GridClientOptions options, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(options);
        var services = GridNode.CreateServices(options.AddServices ?? (_ => { }));
        try
        {
            var providers = BuiltInProviders.Create();
            options.AddProviders?.Invoke(providers);
            var composition = await NodeComposition.CreateClientAsync(configuration, services, providers).ConfigureAwait(false);
            return await ConnectAsync(services, composition, ct).ConfigureAwait(false);
        }
        catch
        {
            await services.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Runtime.DisposeAsync().ConfigureAwait(false);
        await _services.DisposeAsync().ConfigureAwait(false);
    }

    private static async Task<ClientSession> ConnectAsync(ServiceProvider services, NodeComposition composition, CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(composition.Options.Client.ConnectTimeout, services.GetRequiredService<TimeProvider>());
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        ClientSession? session = null;
        try
        {
            var runtime = await GridRuntime.StartAsync(composition.Settings, composition.Parts, either.Token).ConfigureAwait(false);
            session = new ClientSession(services, composition.Options, runtime);
            if (composition.Options.Client.NeedsMembers)
            {
                await session.FindMemberAsync(either.Token).ConfigureAwait(false);
            }

            return session;
        }
        catch (Exception exception)
        {
            await (session?.Runtime.KillAsync() ?? Task.CompletedTask).ConfigureAwait(false);
            ct.ThrowIfCancellationRequested();
            if (exception is OperationCanceledException)
            {
                throw TimedOut(composition.Options, session);
            }

            throw;
        }
    }

    /// <summary>Waits until there is a member that answers. Members that do not answer are no reason to fail while there is another.</summary>
    private async Task FindMemberAsync(CancellationToken ct)
    {
        var topology = Runtime.Grid.Topology;
        var first = topology.Current;
        var members = first.Nodes;
        if (members.IsEmpty)
        {
            await foreach (var _ in topology.ChangesAsync(first.Version, ct).ConfigureAwait(false))
            {
                members = topology.Current.Nodes;
                if (!members.IsEmpty)
                {
                    break;
                }
            }
        }

        var errors = new List<GridException>();
        foreach (var asked in members.Chunk(AskedAtOnceMax))
        {
            if (await AnyAnswersAsync(asked, errors, ct).ConfigureAwait(false))
            {
                return;
            }
        }

        throw NobodyAnswered(errors);
    }

    private async Task<bool> AnyAnswersAsync(NodeInfo[] members, List<GridException> errors, CancellationToken ct)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var questions = members.Select(member => AskAsync(member, enough.Token)).ToList();
        var isFound = false;
        await foreach (var question in Task.WhenEach(questions).WithCancellation(CancellationToken.None).ConfigureAwait(false))
        {
            if (isFound)
            {
                continue;
            }

            if (await question.ConfigureAwait(false) is { } error)
            {
                errors.Add(error);
            }
            else
            {
                isFound = true;
                await enough.CancelAsync().ConfigureAwait(false);
            }
        }

        ct.ThrowIfCancellationRequested();
        return isFound;
    }

    /// <returns>Why the member does not answer; null when it does, or when nobody waits for it any more.</returns>
    private async Task<GridException?> AskAsync(NodeInfo member, CancellationToken ct)
    {
        try
        {
            await Runtime.Inquiry.CheckPresenceAsync(member, ct).ConfigureAwait(false);
            return null;
        }
        catch (GridException exception)
        {
            return exception;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return null;
        }
    }

    private GridException NobodyAnswered(List<GridException> errors)
    {
        var reasons = string.Concat(errors.Select(error => error.Message).Distinct().Take(AskedAtOnceMax).Select(reason => $"{Environment.NewLine}  - {reason}"));
        return errors.Find(error => error is AuthenticationException) is { } refused
            ? new AuthenticationException(
                $"The members of cluster {_options.Cluster} do not accept this client. Give it the secret of the cluster: GRID_SECRET, or the key Security:ClusterSecret of its configuration. {refused.Message}", refused)
            : new CommunicationException(
                $"None of the {errors.Count} members of cluster {_options.Cluster} can be reached from here. Check the addresses that they advertise (Communication:Tcp:Advertise) and firewalls.{reasons}", errors.FirstOrDefault());
    }

    private static DiscoveryException TimedOut(GridOptions options, ClientSession? session)
    {
        var what = session is null
            ? $"no registry of members answered ({options.DiscoveryProvider}{(options.Client.Url.Length > 0 ? $", {options.Client.Url.Split('?')[0]}" : "")}). Check its address, that it runs, and that it can be reached from here"
            : session.Runtime.Grid.Topology.Current.Nodes.IsEmpty
                ? $"the registry knows no member of cluster {options.Cluster}. Check the cluster's name, and start a worker; a client that may be first sets Client:NeedsMembers to false"
                : $"no member of cluster {options.Cluster} answered. Check the addresses that they advertise (Communication:Tcp:Advertise) and firewalls";
        return new DiscoveryException(string.Create(CultureInfo.InvariantCulture, $"Within {options.Client.ConnectTimeout.TotalSeconds:0.#} s (Client:ConnectTimeout) {what}."));
    }
}
