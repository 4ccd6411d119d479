using System.Reflection;
using System.Runtime.Loader;
using Grid.Hosting.Tests.Configuration;
using Grid.Spi;

namespace Grid.Hosting.Tests.Plugins;

[Trait("Lane", "pure")]
public sealed class PluginLoaderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("grid-plugins-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Every_problem_is_told_with_its_key_and_file()
    {
        File.WriteAllText(Path.Combine(_folder, "text.dll"), "no assembly");
        var without = Path.Combine(_folder, "without.dll");
        File.Copy(typeof(Xunit.Assert).Assembly.Location, without);

        var problems = Load("absent.dll", "text.dll", without);

        Assert.Equal(3, problems.Count);
        Assert.Equal($"Grid:Plugins:0: there is no file {Path.Combine(_folder, "absent.dll")}. A path is taken from the content root, {_folder}.", problems[0]);
        Assert.Equal($"Grid:Plugins:1: {Path.Combine(_folder, "text.dll")} is not a .NET assembly that this process can load.", problems[1]);
        Assert.Equal($"Grid:Plugins:2: {without} has no public class that implements Grid.Spi.IGridPlugin.", problems[2]);
    }

    [Fact]
    public void Contracts_are_shared_and_everything_else_is_the_plug_ins_own()
    {
        Assert.True(SharedAssemblies.Contains("Grid.Abstractions"));
        Assert.True(SharedAssemblies.Contains("Microsoft.Extensions.Logging.Abstractions"));
        Assert.True(SharedAssemblies.Contains("Microsoft.Extensions.Primitives"));
        Assert.True(SharedAssemblies.Contains("System.Runtime"));
        Assert.False(SharedAssemblies.Contains("Grid.ZooKeeper"));
        Assert.False(SharedAssemblies.Contains("Microsoft.Extensions.Hosting"));
    }

    [Fact]
    public void A_plug_in_that_fails_while_it_registers_is_a_problem_of_the_configuration()
    {
        // This assembly holds such plug-ins; loaded a second time it is a plug-in like any other.
        var problem = Assert.Single(Load(typeof(PluginLoaderTests).Assembly.Location));

        Assert.Contains("A discovery provider named ZooKeeper is registered already", problem, StringComparison.Ordinal);
        Assert.Contains(AssemblyLoadContext.All, context => context.Name == "Grid.Hosting.Tests" && context != AssemblyLoadContext.GetLoadContext(Assembly.GetExecutingAssembly()));
    }

    private IReadOnlyList<string> Load(params string[] plugins)
    {
        var reader = new SettingsReader(Settings.Create([.. plugins.Select((plugin, i) => ($"Plugins:{i}", (string?)plugin))]));
        PluginLoader.Load(reader, _folder, BuiltInProviders.Create());
        return reader.Problems;
    }
}
