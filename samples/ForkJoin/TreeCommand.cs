using System.CommandLine;
using Grid.Hosting;

namespace Grid.Samples.ForkJoin;

/// <summary>The command <c>uts</c>.</summary>
internal static class TreeCommand
{
    private static readonly Option<string?> Name = new("--tree") { Description = $"A published tree: {string.Join(", ", KnownTree.All.Keys)}. Without it, the options below make one." };
    private static readonly Option<TreeKind> Kind = new("--type") { Description = "Binomial (0) or Geometric (1).", DefaultValueFactory = _ => TreeKind.Geometric };
    private static readonly Option<TreeShape> Shape = new("--shape") { Description = "Linear (0), Exponential (1), Cyclic (2) or Fixed (3), of a geometric tree." };
    private static readonly Option<int> Depth = new("--depth") { Description = "The depth limit of a geometric tree, at least 1.", DefaultValueFactory = _ => 6 };
    private static readonly Option<double> Branching = new("--branching") { Description = "The children of the root, on average for a geometric tree.", DefaultValueFactory = _ => 4 };
    private static readonly Option<int> Children = new("--m") { Description = "The children of an inner node of a binomial tree.", DefaultValueFactory = _ => 4 };
    private static readonly Option<double> Probability = new("--q") { Description = "The probability that a node of a binomial tree is an inner one; m times q must be below 1.", DefaultValueFactory = _ => 15.0 / 64.0 };
    private static readonly Option<int> Seed = new("--seed") { Description = "Selects the tree among those of a kind." };

    private static readonly Option<string?> Cluster = new("--cluster") { Description = "Use the workers of this cluster (zk://host:2181?cluster=name, say) instead of nodes in this process." };

    private static readonly Option<int> Repeat = new("--repeat") { Description = "How often to count, 1 to 1000.", DefaultValueFactory = _ => 1 };

    public static Command Create(Option<int> nodes)
    {
        Require(Name, name => name is null || KnownTree.All.ContainsKey(name), $"--tree must be one of {string.Join(", ", KnownTree.All.Keys)}.");
        Require(Depth, depth => depth >= 1, "--depth must be at least 1.");
        Require(Branching, branching => branching is > 0 and < 1e6, "--branching must be above 0 and below 1000000.");
        Require(Children, children => children is >= 0 and <= 100, "--m must be 0 to 100.");
        Require(Probability, probability => probability is >= 0 and < 1, "--q must be 0 or more and below 1.");
        Require(Repeat, repeat => repeat is >= 1 and <= 1000, "--repeat must be 1 to 1000.");
        var command = new Command("uts", "Counts an unbalanced tree: the Unbalanced Tree Search benchmark.") { Name, Kind, Shape, Depth, Branching, Children, Probability, Seed, nodes, Cluster, Repeat };
        command.SetAction((arguments, ct) => RunAsync(arguments, arguments.GetValue(nodes), ct));
        return command;
    }

    private static void Require<T>(Option<T> option, Func<T?, bool> holds, string message) => option.Validators.Add(result =>
    {
        if (!holds(result.GetValueOrDefault<T>()))
        {
            result.AddError(message);
        }
    });

    private static Tree MakeTree(ParseResult arguments) => new()
    {
        Kind = arguments.GetValue(Kind),
        Shape = arguments.GetValue(Shape),
        Depth = arguments.GetValue(Depth),
        Branching = arguments.GetValue(Branching),
        Children = arguments.GetValue(Children),
        Probability = arguments.GetValue(Probability),
        Seed = arguments.GetValue(Seed),
    };

    private static async Task<int> RunAsync(ParseResult arguments, int nodes, CancellationToken ct)
    {
        var known = arguments.GetValue(Name) is { } name ? KnownTree.All[name] : null;
        var tree = known?.Tree ?? MakeTree(arguments);
        var repeat = arguments.GetValue(Repeat);
        if (tree.Kind == TreeKind.Binomial && tree.Children * tree.Probability >= 1)
        {
            await Console.Error.WriteLineAsync("A binomial tree with m times q of 1 or more may have no end: lower --m or --q.");
            return 1;
        }

        if (arguments.GetValue(Cluster) is { } cluster)
        {
            await using var grid = await GridClient.ConnectAsync(cluster, ct);
            return await CountAsync(grid, tree, known, repeat, ct);
        }

        await using var local = await LocalGrid.StartAsync(nodes, ct);
        return await CountAsync(local.Client, tree, known, repeat, ct);
    }

    private static async Task<int> CountAsync(IGrid grid, Tree tree, KnownTree? known, int repeat, CancellationToken ct)
    {
        var isRight = true;
        for (var round = 0; round < repeat; round++)
        {
            var start = TimeProvider.System.GetTimestamp();
            var count = await grid.InvokeAsync(new TreeTask(tree, TreeNode.Root(tree.Seed)), ct);
            Report.Print(count, known, TimeProvider.System.GetElapsedTime(start));
            isRight &= known?.Is(count) != false;
        }

        return isRight ? 0 : 1;
    }
}
