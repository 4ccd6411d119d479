using System.CommandLine;
using Grid.Cli.Running;
using Grid.Hosting;
using Microsoft.Extensions.Logging;

namespace Grid.Cli.Commands;

/// <summary><c>grid run</c>: a static method of the user's, on a worker.</summary>
internal static class RunCommand
{
    private const string Text =
        """
        Run a static method of an assembly on a worker, and print what it returns.

        The assembly and what it depends on travel to the worker; nothing is installed
        there. Arguments are converted to the types of the parameters (numbers, dates,
        enums; anything else as JSON). A parameter of type IJobContext or
        CancellationToken gets the job's own. What the method logs and prints, and its
        progress, come back while it runs, on standard error; the result is on
        standard output. Ctrl+C cancels it.

        Examples:
          grid run bin/Release/net10.0/MyJobs.dll Sums.Nightly 2026-01-31
          grid run MyJobs.dll Sums.Range 1 1000000 --name 'a million' --node worker-2
          grid run MyJobs.dll Program.Main -- --verbose input.txt
        """;

    public static Lesson Create()
    {
        var command = new Command("run", "Run a static method of your assembly on a worker.");
        var cluster = new ClusterOptions();
        var options = new RunOptions();
        options.AddTo(command);
        cluster.AddTo(command);
        command.SetVerb((parsed, ct) => RunAsync(cluster, options, parsed, ct));
        return new Lesson(command, Text);
    }

    private static async Task<int> RunAsync(ClusterOptions cluster, RunOptions options, ParseResult parsed, CancellationToken ct)
    {
        var (url, call) = (cluster.UrlOf(parsed), options.Call(parsed));
        await using var grid = await cluster.AwaitAsync(GridClient.ConnectAsync(url, cluster.For(parsed), ct), parsed, ct);
        var handle = await options.Group(parsed, grid).SubmitAsync(call.RunAsync, ct);
        await using var cancelling = ct.UnsafeRegister(static state => ((IJobHandle<string?>)state!).Cancel(), handle);
        var following = parsed.GetValue(options.Quiet) ? Task.CompletedTask : FollowAsync(handle);
        try
        {
            var result = await handle.Completion;
            await following;
            if (result is not null)
            {
                await Console.Out.WriteLineAsync(result);
            }

            return ExitCode.Done;
        }
        catch (Exception exception)
        {
            // Whatever the job threw is the outcome to report, with the stack of the worker.
            await following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await Console.Error.WriteLineAsync(Describe(exception));
            return ExitCode.Failed;
        }
    }

    private static string Describe(Exception exception) => exception is GridException or OperationCanceledException
        ? Output.Words.Wrap(exception is TaskCanceledException ? "The job was cancelled." : exception.Message)
        : $"The job failed with {WithoutCaller(exception.ToString())}";

    /// <summary>The stack down to the user's method; who called that is no news.</summary>
    private static string WithoutCaller(string text)
    {
        var lines = text.Split(Environment.NewLine).TakeWhile(line => !line.StartsWith($"   at {typeof(StaticMethodCall).FullName}.", StringComparison.Ordinal)).ToList();
        var last = lines.FindLastIndex(line => !line.StartsWith("   at System.Reflection.", StringComparison.Ordinal));
        return string.Join(Environment.NewLine, lines.Take(last + 1));
    }

    private static Task FollowAsync(IJobHandle<string?> handle) => Task.WhenAll(PrintLogAsync(handle), PrintProgressAsync(handle));

    private static async Task PrintLogAsync(IJobHandle<string?> handle)
    {
        await foreach (var line in handle.LogAsync())
        {
            var mark = line.Level switch { LogLevel.Warning => "warning: ", >= LogLevel.Error => "ERROR ", _ => "" };
            await Console.Error.WriteLineAsync($"{handle.Node?.Name} | {mark}{line.Text}");
        }
    }

    private static async Task PrintProgressAsync(IJobHandle<string?> handle)
    {
        await foreach (var progress in handle.ProgressAsync())
        {
            await Console.Error.WriteLineAsync(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{handle.Node?.Name} | {progress.Fraction,4:P0} {progress.Message}"));
        }
    }
}
