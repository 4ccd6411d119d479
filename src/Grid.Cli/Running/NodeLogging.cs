using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Grid.Cli.Running;

/// <summary>What <c>grid node</c> logs unless it is told otherwise: one short line per event that an operator wants, on standard error.</summary>
internal static class NodeLogging
{
    public static void Configure(ILoggingBuilder logging, IConfiguration configuration)
    {
        logging.ClearProviders();
        logging.AddConsole(options =>
        {
            options.FormatterName = ShortFormatter.FormatterName;
            options.LogToStandardErrorThreshold = LogLevel.Trace;
        });
        logging.AddConsoleFormatter<ShortFormatter, ConsoleFormatterOptions>();

        // First, so that the user's own rules (Logging:LogLevel) for the same categories come after and win.
        logging.AddFilter("Microsoft", LogLevel.Warning);
        logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None); // Its one message is the exception that this program prints.
        logging.AddFilter("Grid.Discovery", LogLevel.Warning);
        logging.AddFilter("Grid.ZooKeeper", LogLevel.Warning);
        logging.AddFilter("Grid.Communication", LogLevel.Warning);
        logging.AddConfiguration(configuration.GetSection("Logging"));
    }
}
