using Microsoft.Extensions.Logging;

namespace Grid.Kernel.Compute.Execution;

/// <summary>Puts the job's id into the scope of everything that the job logs, and sends the submitter what it wants of it.</summary>
/// <param name="inner">The node's logger.</param>
/// <param name="job">The job.</param>
/// <param name="caller">The way to the submitter; null when it wants no lines.</param>
internal sealed class JobLogger(ILogger inner, JobId job, CallerLog? caller) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => inner.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel) || caller?.IsEnabled(logLevel) == true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (caller?.IsEnabled(logLevel) == true)
        {
            var text = formatter(state, exception);
            caller.Send(logLevel, exception is null ? text : $"{text}{Environment.NewLine}{exception}");
        }

        using (inner.BeginScope(new KeyValuePair<string, object>[] { new("JobId", job) }))
        {
            inner.Log(logLevel, eventId, state, exception, formatter);
        }
    }
}
