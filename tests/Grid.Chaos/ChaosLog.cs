using Grid.Chaos.Plan;
using Microsoft.Extensions.Logging;

namespace Grid.Chaos;

/// <summary>What a run tells while it goes on.</summary>
internal static partial class ChaosLog
{
    [LoggerMessage(1, LogLevel.Information, "seed {Seed}: {Faults} faults in {Length}, {Workers} workers, {Clients} clients, 3 servers; records and logs in {Folder}")]
    public static partial void Begin(ILogger logger, int seed, int faults, TimeSpan length, int workers, int clients, string folder);

    [LoggerMessage(2, LogLevel.Warning, "the network is not cut here: {Reason}")]
    public static partial void NoNetwork(ILogger logger, string reason);

    [LoggerMessage(3, LogLevel.Information, "fault {Number}: {Kind} of {Target} for {Length}")]
    public static partial void FaultBegins(ILogger logger, int number, FaultKind kind, string target, TimeSpan length);

    [LoggerMessage(4, LogLevel.Information, "fault {Number} is made good")]
    public static partial void FaultEnds(ILogger logger, int number);

    [LoggerMessage(5, LogLevel.Information, "all faults are made good; the clients finish what is open")]
    public static partial void Drain(ILogger logger);

    [LoggerMessage(6, LogLevel.Error, "{What}")]
    public static partial void Surprise(ILogger logger, string what);
}
