using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Grid.Deployment.Worker;

/// <summary>Log events, one line each.</summary>
internal sealed class LineLogs(TextWriter output) : ILoggerFactory, ILogger
{
    private readonly Lock _gate = new();

    public void AddProvider(ILoggerProvider provider)
    {
    }

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
            Say(string.Create(CultureInfo.InvariantCulture, $"log {eventId.Id} {formatter(state, exception)} {exception?.Message}"));
        }
    }

    public void Say(string line)
    {
        lock (_gate)
        {
            output.WriteLine(line.ReplaceLineEndings(" "));
            output.Flush();
        }
    }
}
