using Microsoft.Extensions.Logging;

namespace Grid.Kernel.Health;

/// <summary>Log lines about the health of members: events 2600 to 2699.</summary>
internal static partial class HealthLog
{
    [LoggerMessage(2600, LogLevel.Warning, "{Text}")]
    public static partial void Suspected(ILogger logger, string text);

    [LoggerMessage(2601, LogLevel.Information, "{Text}")]
    public static partial void Changed(ILogger logger, string text);

    [LoggerMessage(2602, LogLevel.Warning, "This node starves ({Starvation}): it tells the others, who prefer nodes that are well")]
    public static partial void Starving(ILogger logger, NodeStarvation starvation);

    [LoggerMessage(2603, LogLevel.Information, "This node no longer starves")]
    public static partial void Recovered(ILogger logger);
}
