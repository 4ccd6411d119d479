using Microsoft.Extensions.Logging;

namespace Grid.Cli.Running;

/// <summary>Log events 6000 to 6099.</summary>
internal static partial class CliLog
{
    [LoggerMessage(6000, LogLevel.Information, "{Line}")]
    public static partial void JobPrinted(ILogger logger, string line);
}
