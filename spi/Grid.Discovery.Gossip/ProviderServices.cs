using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Grid.Discovery.Gossip;

/// <summary>What the provider takes from its host.</summary>
internal sealed record ProviderServices(ILoggerFactory Loggers, IMeterFactory? Meters, TimeProvider Time, Random Random)
{
    /// <summary>The host's services, with the usual stand-ins for those that it lacks.</summary>
    public static ProviderServices From(IServiceProvider services) => new(
        (ILoggerFactory?)services.GetService(typeof(ILoggerFactory)) ?? NullLoggerFactory.Instance,
        (IMeterFactory?)services.GetService(typeof(IMeterFactory)),
        (TimeProvider?)services.GetService(typeof(TimeProvider)) ?? TimeProvider.System,
        NewRandom());

    /// <summary>Chance for the jitter of one provider, used on its thread only.</summary>
    public static Random NewRandom() => new(RandomNumberGenerator.GetInt32(int.MaxValue));
}
