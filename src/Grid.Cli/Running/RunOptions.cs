using System.CommandLine;
using Grid.Hosting;
using Microsoft.Extensions.Logging;

namespace Grid.Cli.Running;

/// <summary>The arguments and options of <c>grid run</c>.</summary>
internal sealed class RunOptions
{
    private readonly Argument<string> _assembly = new("assembly") { Description = "The .dll, its dependencies beside it." };
    private readonly Argument<string> _method = new("method") { Description = "Type.Method; the namespace may be left out." };
    private readonly Argument<string[]> _arguments = new("arguments") { Description = "Its arguments, in order.", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<string?> _name = new("--name") { Description = "What grid jobs shows. Default: the method.", HelpName = "text" };
    private readonly Option<string?> _node = new("--node") { Description = "Run it on the worker of this name.", HelpName = "name" };
    private readonly Option<double?> _timeout = SecondsOption.Make("--timeout", 0.001, 1_000_000_000, "Give the job up after that long. Default: never.");

    public Option<bool> Quiet { get; } = new("--quiet") { Description = "Do not show log lines and progress." };

    public void AddTo(Command command)
    {
        command.Add(_assembly);
        command.Add(_method);
        command.Add(_arguments);
        command.Add(_name);
        command.Add(_node);
        command.Add(_timeout);
        command.Add(Quiet);
    }

    /// <summary>The call to make. Checked before anything is connected.</summary>
    /// <exception cref="UsageException">There is no such method, or an argument is no value for it.</exception>
    public StaticMethodCall Call(ParseResult parsed)
    {
        var words = parsed.GetValue(_arguments) ?? [];
        var method = MethodFinder.Find(UserAssembly.LoadFile(parsed.GetRequiredValue(_assembly)), parsed.GetRequiredValue(_method), words.Length);
        return new StaticMethodCall(method, ArgumentReader.Read(method, words));
    }

    /// <summary>Where and how to run it.</summary>
    public INodeGroup Group(ParseResult parsed, IGrid grid)
    {
        var group = parsed.GetValue(_node) is { } node ? grid.Where(NodeSelector.ByName(node)) : grid;
        return group.With(new JobOptions
        {
            Name = parsed.GetValue(_name) ?? parsed.GetRequiredValue(_method),
            Timeout = parsed.GetValue(_timeout) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            LogToCaller = parsed.GetValue(Quiet) ? LogLevel.None : LogLevel.Information,
        });
    }
}
