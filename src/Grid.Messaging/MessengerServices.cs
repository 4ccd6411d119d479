using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace Grid.Messaging;

/// <summary>What a messenger takes from its surroundings.</summary>
/// <param name="Time">The clock of pings, limits and back-off. With the system's clock a thread of the messenger's own keeps it, not the thread pool.</param>
/// <param name="Seed">Seeds the jitter of reconnects. The nonces of handshakes do not come from it: they are cryptographic.</param>
/// <param name="Loggers">Where the log goes.</param>
/// <param name="Meters">Where the metrics go, or <see langword="null"/> for nowhere.</param>
public sealed record MessengerServices(TimeProvider Time, int Seed, ILoggerFactory Loggers, IMeterFactory? Meters = null);
