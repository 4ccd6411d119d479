using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Grid.Cli;

/// <summary>The usual help, and below it the lesson of the command.</summary>
internal sealed class LessonHelp(HelpAction usual, IReadOnlyDictionary<Command, string> lessons) : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        usual.MaxWidth = Output.Words.Columns;
        var code = usual.Invoke(parseResult);
        if (lessons.TryGetValue(parseResult.CommandResult.Command, out var lesson))
        {
            parseResult.InvocationConfiguration.Output.WriteLine(lesson);
            parseResult.InvocationConfiguration.Output.WriteLine();
        }

        return code;
    }
}
