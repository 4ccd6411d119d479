using System.CommandLine;
using Grid.Samples.ForkJoin;

var nodes = new Option<int>("--nodes") { Description = "How many nodes to start in this process, 1 to 64.", DefaultValueFactory = _ => 3 };
nodes.Validators.Add(result =>
{
    if (result.GetValueOrDefault<int>() is < 1 or > 64)
    {
        result.AddError("--nodes must be 1 to 64.");
    }
});

var command = new RootCommand("Recursive work that splits itself: tasks fork, idle workers steal, results are joined.") { SortCommand.Create(nodes), TreeCommand.Create(nodes) };
return await command.Parse(args).InvokeAsync();
