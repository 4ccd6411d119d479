namespace Grid.Cli.Tests;

/// <summary>
/// The packages as a user gets them: programs of his own, built against them from a folder in each way that the platform has, on workers that were built without them.
/// </summary>
[Trait("Lane", "processes")]
public sealed class PackageTests(FileCluster cluster, PackageFolder packages) : IClassFixture<FileCluster>, IClassFixture<PackageFolder>
{
    private static readonly string[] Expected =
    [
        "Grid.Abstractions", "Grid.Checkpoint.FileSystem", "Grid.Checkpoint.InMemory", "Grid.Cli", "Grid.Collision", "Grid.Communication.Tcp", "Grid.Discovery", "Grid.Discovery.Gossip", "Grid.Discovery.InMemory", "Grid.Discovery.ZooKeeper",
        "Grid.Failover", "Grid.Hosting", "Grid.Kernel", "Grid.LoadBalancing", "Grid.Messaging", "Grid.Serialization", "Grid.ZooKeeper",
    ];

    private const string FiveLines = """
        using Grid.Hosting;
        await using var grid = await GridClient.ConnectAsync(args[0]);
        var (six, seven) = (6, 7);
        Console.WriteLine(await grid.CallAsync(() => six * seven));
        """;

    /// <summary>Needs a library in the job: its managed part and, for the number of an error, its native part too.</summary>
    private const string WithLibrary = """
        using Grid.Hosting;
        using Mono.Unix.Native;
        await using var grid = await GridClient.ConnectAsync(args[0]);
        Console.WriteLine(await grid.CallAsync(name => $"{name} is {NativeConvert.FromErrno(Enum.Parse<Errno>(name))}", "ENOENT"));
        """;

    /// <summary>Sends and returns objects and structures of its own types.</summary>
    private const string OneFile = """
        using Grid.Hosting;
        await using var grid = await GridClient.ConnectAsync(args[0]);
        var line = new Line("between", new Point(1, 2), new Point(4, 6));
        var answer = await grid.CallAsync(() => new Answer(line, Math.Sqrt(Math.Pow(line.To.X - line.From.X, 2) + Math.Pow(line.To.Y - line.From.Y, 2))));
        var scale = 2;
        var scaled = await grid.MapAsync([line.From, line.To], point => new Point(point.X * scale, point.Y * scale));
        Console.WriteLine($"{answer.Line.Name} {answer.Length} {string.Join(' ', scaled)}");

        internal readonly record struct Point(int X, int Y);
        internal sealed record Line(string Name, Point From, Point To);
        internal sealed record Answer(Line Line, double Length);
        """;

    [Fact]
    public void All_libraries_are_packed() =>
        Assert.Empty(Expected.Except(Directory.GetFiles(packages.Packages, "*.nupkg").Select(file => Path.GetFileName(file).Replace(".0.1.0.nupkg", "", StringComparison.Ordinal))));

    [Fact]
    public async Task A_program_of_five_lines_needs_one_package_and_runs_on_workers_that_never_heard_of_it()
    {
        var folder = await packages.WriteProgramAsync("five-lines", ("Client.csproj", Project("Grid.Hosting@0.1.0")), ("Program.cs", FiveLines));

        await packages.DotnetAsync(folder, "build", "Client.csproj", "-v", "q", "--nologo");

        Assert.Equal("42\n", await RunAsync(folder, "dotnet", "exec", Path.Combine("bin", "Debug", "net10.0", "Client.dll")));
    }

    [Fact]
    public async Task A_program_that_is_one_source_file_runs_on_workers_that_never_heard_of_it()
    {
        // Such a program gets the switches of native compilation, whose packages are large and not needed to run it: so the switches alone.
        IEnumerable<string> properties =
        [
            "PublishAot=false", "DynamicCodeSupport=false", "EventSourceSupport=false", "JsonSerializerIsReflectionEnabledByDefault=false",
            .. packages.Properties.Select(property => $"{property.Key}={property.Value}"),
        ];
        var directives = string.Concat(properties.Select(property => $"#:property {property}\n"));
        var folder = await packages.WriteProgramAsync("one-file", ("app.cs", $"#:package Grid.Hosting@0.1.0\n{directives}{OneFile}"));

        Assert.Equal("between 5 Point { X = 2, Y = 4 } Point { X = 8, Y = 12 }\n", await RunAsync(folder, "dotnet", "run", "app.cs", "--"));
    }

    [SkippableTheory]
    [InlineData("single-file", "-p:PublishSingleFile=true", "--no-self-contained")]
    [InlineData("single-file-of-its-own", "-p:PublishSingleFile=true", "--self-contained")]
    [InlineData("folder-of-its-own", "-p:PublishSingleFile=false", "--self-contained")]
    public async Task A_published_program_runs_with_its_libraries_on_workers_that_have_none_of_them(string name, params string[] how)
    {
        Skip.IfNot(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "the library calls no native code on this platform");
        var folder = await packages.WriteProgramAsync(name, ("Client.csproj", Project("Grid.Hosting@0.1.0", "Mono.Posix.NETStandard@1.0.0")), ("Program.cs", WithLibrary));

        await packages.DotnetAsync(folder, ["publish", "Client.csproj", "--use-current-runtime", "-o", "out", "-v", "q", "--nologo", .. how]);

        Assert.Equal("ENOENT is 2\n", await RunAsync(folder, Path.Combine(folder, "out", "Client")));
    }

    private Task<string> RunAsync(string folder, string program, params string[] arguments) => packages.RunAsync(cluster.Environment, folder, program, [.. arguments, cluster.Url()]);

    private string Project(params string[] references) => $"""
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <ImplicitUsings>enable</ImplicitUsings>
            {string.Concat(packages.Properties.Select(property => $"<{property.Key}>{property.Value}</{property.Key}>"))}
          </PropertyGroup>
          <ItemGroup>
            {string.Concat(references.Select(reference => reference.Split('@')).Select(words => $"""<PackageReference Include="{words[0]}" Version="{words[1]}" />"""))}
          </ItemGroup>
        </Project>
        """;
}
