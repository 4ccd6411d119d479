using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;

namespace Grid.Hosting;

/// <summary>Reads and validates <see cref="GridOptions"/>; the problems end up with the reader.</summary>
internal static class GridOptionsReader
{
    private const int NameCharsMax = 128;
    private const int SecretCharsMax = 4096;
    private const int PathCharsMax = 4096;
    private const int UrlCharsMax = 8192;

    /// <summary>Reads. When the reader has problems afterwards, the result is not to be used.</summary>
    public static GridOptions Read(SettingsReader reader, GridProviders providers)
    {
        var options = new GridOptions
        {
            Cluster = reader.ReadRequired("Cluster", NameCharsMax, $"the name of the cluster, 1 to {NameCharsMax} characters"),
            Node = ReadNode(reader),
            DiscoveryProvider = reader.ReadChoice("Discovery:Provider", null, providers.Discovery.Keys),
            CommunicationProvider = reader.ReadChoice("Communication:Provider", "Tcp", providers.Communication.Keys),
            LoadBalancingProvider = reader.ReadChoice("LoadBalancing:Provider", "Adaptive", providers.LoadBalancing.Keys),
            Collision = ReadCollision(reader, providers),
            Failover = new FailoverOptions
            {
                Provider = reader.ReadChoice("Failover:Provider", "Always", providers.Failover.Keys),
                MaxAttempts = reader.ReadNumber("Failover:MaxAttempts", 5, 1, 100),
            },
            Checkpoint = new CheckpointOptions
            {
                Provider = reader.ReadChoice("Checkpoint:Provider", CheckpointOptions.None, [.. providers.Checkpoint.Keys, CheckpointOptions.None]),
                ValueBytesMax = (int)reader.ReadBytes("Checkpoint:ValueBytesMax", 16 << 20, 1024, 1 << 30),
            },
            Metrics = ReadMetrics(reader),
            Health = HealthOptionsReader.Read(reader),
            Compute = ReadCompute(reader),
            ForkJoin = ReadForkJoin(reader),
            Deployment = DeploymentOptionsReader.Read(reader),
            Client = ReadClient(reader),
            Plugins = [.. reader.ReadList("Plugins").Select(plugin => plugin.Value)],
            Security = ReadSecurity(reader),
        };
        LeaveProvidersTheirSections(reader, "Discovery", providers.Discovery.Keys);
        LeaveProvidersTheirSections(reader, "Communication", providers.Communication.Keys);
        LeaveProvidersTheirSections(reader, "LoadBalancing", providers.LoadBalancing.Keys);
        LeaveProvidersTheirSections(reader, "Collision", providers.Collision.Keys);
        LeaveProvidersTheirSections(reader, "Failover", providers.Failover.Keys);
        LeaveProvidersTheirSections(reader, "Checkpoint", providers.Checkpoint.Keys);
        reader.CheckUnknownKeys();
        return options;
    }

    /// <summary>Refuses a listener that others can reach when nothing keeps strangers out.</summary>
    public static void CheckListen(SettingsReader reader, GridOptions options, NodeEndpoint listen)
    {
        if (!options.Security.KeepsStrangersOut && !IsLoopback(listen.Host))
        {
            reader.AddProblem(
                "Communication:Tcp:Listen",
                $"{listen} can be reached from other machines, and a grid runs the code it is sent: "
                + $"set {reader.GetPath("Security:ClusterSecret")} to the same {SecurityOptions.SecretCharsMin} or more characters on every node, "
                + $"or {reader.GetPath("Security:Certificate")} and {reader.GetPath("Security:TrustedRoot")}, or listen on 127.0.0.1.");
        }
    }

    private static NodeOptions ReadNode(SettingsReader reader)
    {
        var defaults = new NodeOptions();
        return new NodeOptions
        {
            Name = reader.ReadText("Node:Name", defaults.Name, NameCharsMax),
            Slots = reader.ReadNumber("Node:Slots", defaults.Slots, 0, 4096, " (0: one per processor)"),
            Attributes = reader.ReadPairs("Node:Attributes"),
            Resources = ReadResources(reader),
            DrainTimeout = reader.ReadDuration("Node:DrainTimeout", defaults.DrainTimeout, TimeSpan.Zero, TimeSpan.FromHours(1)),
        };
    }

    private static ResourceAmounts ReadResources(SettingsReader reader)
    {
        const string Key = "Node:Resources";
        var amounts = new List<KeyValuePair<string, int>>();
        foreach (var (name, text) in reader.ReadPairs(Key))
        {
            var isNumber = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var amount);
            amounts.Add(new(name, amount));
            if (!isNumber)
            {
                reader.AddProblem($"{Key}:{name}", $"'{text}' is not accepted. Accepted: a whole number from 1 to {ResourceAmounts.AmountMax}.");
                return ResourceAmounts.None;
            }
        }

        try
        {
            return ResourceAmounts.From(amounts);
        }
        catch (ArgumentException exception)
        {
            reader.AddProblem(Key, exception.Message);
            return ResourceAmounts.None;
        }
    }

    private static CollisionOptions ReadCollision(SettingsReader reader, GridProviders providers) => new()
    {
        Provider = reader.ReadChoice("Collision:Provider", new CollisionOptions().Provider, providers.Collision.Keys),
        MemoryWatermark = reader.ReadFraction("Collision:MemoryWatermark", 0, 0.1),
    };

    private static ComputeOptions ReadCompute(SettingsReader reader)
    {
        var defaults = new ComputeOptions();
        return new ComputeOptions
        {
            InFlightMax = reader.ReadNumber("Compute:InFlightMax", defaults.InFlightMax, 1, 1_000_000),
            QueueMax = reader.ReadNumber("Compute:QueueMax", defaults.QueueMax, 0, 1_000_000),
            CancelGrace = reader.ReadDuration("Compute:CancelGrace", defaults.CancelGrace, TimeSpan.Zero, TimeSpan.FromHours(1)),
        };
    }

    private static MetricsOptions ReadMetrics(SettingsReader reader)
    {
        var exchange = reader.ReadChoice("Metrics:Exchange", MetricsOptions.Gossip, [MetricsOptions.Gossip, MetricsOptions.Discovery]);
        var period = exchange == MetricsOptions.Discovery
            ? reader.ReadDuration("Metrics:Period", TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(10))
            : reader.ReadDuration("Metrics:Period", TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1));
        return new MetricsOptions { Exchange = exchange, Period = period };
    }

    private static ForkJoinOptions ReadForkJoin(SettingsReader reader)
    {
        var defaults = new ForkJoinOptions();
        return new ForkJoinOptions
        {
            HelpDepthMax = reader.ReadNumber("ForkJoin:HelpDepthMax", defaults.HelpDepthMax, 0, 1000),
            AnnounceAfter = reader.ReadDuration("ForkJoin:AnnounceAfter", defaults.AnnounceAfter, TimeSpan.Zero, TimeSpan.FromMinutes(1)),
            NodesMax = reader.ReadNumber("ForkJoin:NodesMax", defaults.NodesMax, 1, 4096),
            BatchTime = reader.ReadDuration("ForkJoin:BatchTime", defaults.BatchTime, TimeSpan.Zero, TimeSpan.FromSeconds(10)),
            LentMax = reader.ReadNumber("ForkJoin:LentMax", defaults.LentMax, 1, 1_000_000),
            TaskBytesMax = reader.ReadNumber("ForkJoin:TaskBytesMax", defaults.TaskBytesMax, 1024, defaults.TaskBytesMax),
        };
    }

    private static ClientOptions ReadClient(SettingsReader reader)
    {
        var defaults = new ClientOptions();
        return new ClientOptions
        {
            Url = reader.ReadText(ClientOptions.UrlKey, defaults.Url, UrlCharsMax),
            Name = reader.ReadText("Client:Name", defaults.Name, NameCharsMax),
            ConnectTimeout = reader.ReadDuration("Client:ConnectTimeout", defaults.ConnectTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1)),
            NeedsMembers = reader.ReadFlag("Client:NeedsMembers", defaults.NeedsMembers),
        };
    }

    private static SecurityOptions ReadSecurity(SettingsReader reader)
    {
        const string Key = "Security:ClusterSecret";
        var secret = reader.ReadText(Key, "", SecretCharsMax);
        if (secret.Length is > 0 and < SecurityOptions.SecretCharsMin)
        {
            // The value itself stays out of messages and logs.
            reader.AddProblem(Key, $"the secret has {secret.Length} characters. Accepted: at least {SecurityOptions.SecretCharsMin}, or none for a cluster within one machine.");
        }

        return new SecurityOptions
        {
            ClusterSecret = secret,
            Certificate = reader.ReadText("Security:Certificate", "", PathCharsMax),
            CertificateKey = reader.ReadText("Security:CertificateKey", "", PathCharsMax),
            CertificatePassword = reader.ReadText("Security:CertificatePassword", "", SecretCharsMax),
            TrustedRoot = reader.ReadText("Security:TrustedRoot", "", PathCharsMax),
        };
    }

    private static void LeaveProvidersTheirSections(SettingsReader reader, string spi, IEnumerable<string> names)
    {
        foreach (var name in names)
        {
            reader.LeaveOut(spi + ConfigurationPath.KeyDelimiter + name);
        }
    }

    // A name counts as loopback when all it stands for is; the provider looks once more at what it binds.
    private static bool IsLoopback(string host)
    {
        try
        {
            return (IPAddress.TryParse(host, out var address) ? [address] : Dns.GetHostAddresses(host)) is { Length: > 0 } all && all.All(IPAddress.IsLoopback);
        }
        catch (Exception error) when (error is SocketException or ArgumentException)
        {
            return false; // Unknown is not known to be safe.
        }
    }
}
