using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Grid.Discovery;

/// <summary>What a provider takes from its host.</summary>
/// <param name="Loggers">Where to log.</param>
/// <param name="Meters">Where to measure; <see langword="null"/> for nowhere.</param>
/// <param name="Time">The clock for durations.</param>
/// <param name="Random">Chance for jitter; for one thread at a time.</param>
public sealed record ProviderServices(ILoggerFactory Loggers, IMeterFactory? Meters, TimeProvider Time, Random Random)
{
    /// <summary>The host's services, with the usual stand-ins for those that it lacks: no logs, no meters, the system's clock.</summary>
    /// <param name="services">The host's container.</param>
    /// <returns>The services of one provider.</returns>
    public static ProviderServices From(IServiceProvider services)
    {
        ArgumentNullException.ThrowIfNull(services);
        return From((ILoggerFactory?)services.GetService(typeof(ILoggerFactory)), (IMeterFactory?)services.GetService(typeof(IMeterFactory)), (TimeProvider?)services.GetService(typeof(TimeProvider)));
    }

    /// <summary>Services that a caller has in hand, with the same stand-ins.</summary>
    /// <param name="loggers">Where to log.</param>
    /// <param name="meters">Where to measure.</param>
    /// <param name="time">The clock.</param>
    /// <returns>The services of one provider.</returns>
    public static ProviderServices From(ILoggerFactory? loggers, IMeterFactory? meters, TimeProvider? time) =>
        new(loggers ?? NullLoggerFactory.Instance, meters, time ?? TimeProvider.System, new Random(RandomNumberGenerator.GetInt32(int.MaxValue)));
}
