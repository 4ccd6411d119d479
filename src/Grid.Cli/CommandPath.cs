using System.CommandLine;

namespace Grid.Cli;

/// <summary>The names of the commands that a command line chose, without the root.</summary>
internal static class CommandPath
{
    public static IEnumerable<string> Of(ParseResult parsed)
    {
        var names = new Stack<string>();
        for (var result = parsed.CommandResult; result.Parent is System.CommandLine.Parsing.CommandResult parent; result = parent)
        {
            names.Push(result.Command.Name);
        }

        return names;
    }
}
