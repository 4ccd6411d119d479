using System.CommandLine;
using Grid.Cli.Output;

namespace Grid.Cli;

/// <summary>Runs the body of a command and turns what goes wrong into a message and an exit code.</summary>
internal static class Verb
{
    public static void SetVerb(this Command command, Func<ParseResult, CancellationToken, Task<int>> run) => command.SetAction(async (parsed, ct) =>
    {
        try
        {
            return await run(parsed, ct);
        }
        catch (Exception exception) when (Explain(exception) is { } code)
        {
            await Console.Error.WriteLineAsync(Words.Wrap(exception.Message));
            return code;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("interrupted");
            return ExitCode.Failed;
        }
    });

    /// <summary>The exit code for trouble before a job was submitted; null for what is a bug and shows its stack.</summary>
    private static int? Explain(Exception exception) => exception switch
    {
        UsageException or GridConfigurationException => ExitCode.Usage,
        DiscoveryException or CommunicationException or AuthenticationException => ExitCode.NoCluster,
        GridException => ExitCode.Failed,
        _ => null,
    };
}
