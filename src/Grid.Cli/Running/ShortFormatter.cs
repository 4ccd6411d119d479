using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Grid.Cli.Running;

/// <summary>One line per event: time of day (UTC), a mark from warnings on, the message; the exception's type and message behind it, its stack below only for errors.</summary>
internal sealed class ShortFormatter(TimeProvider time) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "grid";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var mark = logEntry.LogLevel switch
        {
            LogLevel.Critical or LogLevel.Error => "ERROR ",
            LogLevel.Warning => "warning: ",
            LogLevel.Debug or LogLevel.Trace => $"[{logEntry.Category[(logEntry.Category.LastIndexOf('.') + 1)..]}] ",
            _ => "",
        };
        textWriter.Write(string.Create(CultureInfo.InvariantCulture, $"{time.GetUtcNow():HH:mm:ss} {mark}"));
        scopeProvider?.ForEachScope(WriteJob, textWriter);
        textWriter.Write(logEntry.Formatter(logEntry.State, logEntry.Exception));
        if (logEntry.Exception is { } exception)
        {
            textWriter.Write(logEntry.LogLevel >= LogLevel.Error ? $"{Environment.NewLine}{exception}" : $": {exception.GetType().Name}: {exception.Message}");
        }

        textWriter.WriteLine();
    }

    /// <summary>Whose line it is, if a job wrote it.</summary>
    private static void WriteJob(object? scope, TextWriter writer)
    {
        if (scope is IEnumerable<KeyValuePair<string, object>> pairs)
        {
            foreach (var (key, value) in pairs)
            {
                writer.Write(key == "JobId" ? $"job {value}: " : "");
            }
        }
    }
}
