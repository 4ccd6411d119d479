using Microsoft.Extensions.Logging;

namespace Grid.Hosting.Tests.Clients;

/// <summary>Lines that jobs of tests write.</summary>
internal static partial class TestLog
{
    [LoggerMessage(1, LogLevel.Information, "line {Number}")]
    public static partial void Line(ILogger logger, int number);

    [LoggerMessage(2, LogLevel.Debug, "detail {Number}")]
    public static partial void Detail(ILogger logger, int number);
}
