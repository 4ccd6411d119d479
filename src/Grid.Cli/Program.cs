using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Grid.Cli;
using Grid.Cli.Commands;
using Grid.Cli.Output;

const string Introduction =
    """
    Name the cluster once, then use the other commands:
      export GRID_CONNECT='zookeeper://127.0.0.1:2181/grid?cluster=demo'
      export GRID_SECRET=...          (if the cluster has a secret)

    grid <command> --help explains each, with examples.
    Exit codes: 0 done, 1 the job failed, 2 usage, 3 no cluster reachable.
    """;

Lesson[] lessons = [NodeCommand.Create(), NodesCommand.Create(), TopCommand.Create(), RunCommand.Create(), JobsCommand.Create(), ExplainCommand.Create(), CancelCommand.Create(), DrainCommand.Create(), DoctorCommand.Create()];
var root = new RootCommand("An elastic compute grid for .NET: start workers, see what they do, run code.");
foreach (var lesson in lessons)
{
    root.Add(lesson.Command);
}

var texts = lessons.Append(new Lesson(root, Introduction)).ToDictionary(lesson => lesson.Command, lesson => lesson.Text);
var help = root.Options.OfType<HelpOption>().Single();
help.Action = new LessonHelp((HelpAction)help.Action!, texts);

if (args.Length == 0)
{
    root.Parse("--help").Invoke();
    return ExitCode.Usage;
}

var parsed = root.Parse(args);
if (parsed.Action is ParseErrorAction)
{
    var errors = parsed.CommandResult.Command == root && parsed.UnmatchedTokens is [var stranger, ..]
        ? [$"grid has no command '{stranger}'. There are: {string.Join(", ", root.Subcommands.Select(command => command.Name))}."]
        : parsed.Errors.Select(error => error.Message).Distinct();
    foreach (var error in errors)
    {
        Console.Error.WriteLine(Words.Wrap(error));
    }

    Console.Error.WriteLine($"Try: {string.Join(' ', ["grid", .. CommandPath.Of(parsed)])} --help");
    return ExitCode.Usage;
}

// A worker's host listens to the signals itself, and may take its drain time; everything else gives up within a few seconds.
TimeSpan? patience = parsed.CommandResult.Command.Name == NodeCommand.Name ? null : TimeSpan.FromSeconds(10);
return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = patience });
