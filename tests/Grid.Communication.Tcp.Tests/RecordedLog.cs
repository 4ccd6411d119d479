using Microsoft.Extensions.Logging;

namespace Grid.Communication.Tcp.Tests;

/// <summary>Keeps what is logged.</summary>
internal sealed class RecordedLog : ILogger<TcpCommunication>, ILoggerFactory
{
    private readonly Lock _gate = new();
    private readonly List<string> _lines = [];

    /// <summary>The lines of one event.</summary>
    public IReadOnlyList<string> Of(int eventId)
    {
        lock (_gate)
        {
            return [.. _lines.Where(line => line.StartsWith($"{eventId} ", StringComparison.Ordinal))];
        }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose()
    {
        // Nothing is held.
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (_gate)
        {
            _lines.Add($"{eventId.Id} {formatter(state, exception)}");
        }
    }
}
