using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Grid.Cluster.Worker;

/// <summary>Log events as facts: what is told to operators is what the tests check.</summary>
internal sealed class ReportingLogs(Report report) : ILoggerProvider, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public void Dispose()
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            report.Say(string.Create(CultureInfo.InvariantCulture, $"log {eventId.Id} {formatter(state, exception)} {exception?.Message}"));
        }
    }
}
