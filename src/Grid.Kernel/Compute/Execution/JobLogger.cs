using Microsoft.Extensions.Logging;

namespace Grid.Kernel.Compute.Execution;

/// <summary>Puts the job's id into the scope of everything that the job logs.</summary>
internal sealed class JobLogger(ILogger inner, JobId job) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => inner.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        using (inner.BeginScope(new KeyValuePair<string, object>[] { new("JobId", job) }))
        {
            inner.Log(logLevel, eventId, state, exception, formatter);
        }
    }
}
