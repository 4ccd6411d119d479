using System.Diagnostics;

namespace Grid.Cli.Tests;

/// <summary>The packages as a user gets them: a program of its own, built against them from a folder, on workers that were built without it.</summary>
[Trait("Lane", "processes")]
public sealed class PackageTests(FileCluster cluster) : IClassFixture<FileCluster>, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(6);
    private static readonly string[] Expected =
    [
        "Grid.Abstractions", "Grid.Checkpoint.FileSystem", "Grid.Checkpoint.InMemory", "Grid.Cli", "Grid.Communication.Tcp", "Grid.Discovery.InMemory", "Grid.Discovery.ZooKeeper", "Grid.Hosting", "Grid.Kernel",
        "Grid.Failover", "Grid.LoadBalancing", "Grid.Messaging", "Grid.Serialization", "Grid.ZooKeeper",
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("grid-packages-").FullName;

    private static string Repository { get; } = FindRepository();

    private string Packages => Path.Combine(_folder, "packages");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_program_of_five_lines_needs_one_package_and_runs_on_workers_that_never_heard_of_it()
    {
        await PackAsync();
        Assert.Empty(Expected.Except(Directory.GetFiles(Packages, "*.nupkg").Select(file => Path.GetFileName(file).Replace(".0.1.0.nupkg", "", StringComparison.Ordinal))));
        await WriteProgramAsync();

        await DotnetAsync(["build", "Client.csproj", "-v", "q", "--nologo", "-p:UseSharedCompilation=false"]);
        var result = await DotnetAsync(["exec", Path.Combine("bin", "Debug", "net10.0", "Client.dll"), cluster.Url()]);

        Assert.Equal("42\n", result);
    }

    /// <summary>Packs what is built already; the tests depend on all of it.</summary>
    private async Task PackAsync()
    {
        var configuration = AppContext.BaseDirectory.Contains("/Release/", StringComparison.Ordinal) ? "Release" : "Debug";
        var projects = Path.Combine(_folder, "pack.proj");
        await File.WriteAllTextAsync(
            projects,
            $"""
            <Project>
              <ItemGroup>
                <Library Include="{Repository}/src/*/*.csproj;{Repository}/spi/*/*.csproj" />
              </ItemGroup>
              <Target Name="Pack">
                <MSBuild Projects="@(Library)" Targets="Pack" Properties="NoBuild=true;Configuration={configuration};PackageOutputPath={Packages}" />
              </Target>
            </Project>
            """);
        await DotnetAsync(["msbuild", projects, "-t:Pack", "-v:q", "-nologo"]);
    }

    private async Task WriteProgramAsync()
    {
        var installed = (await DotnetAsync(["nuget", "locals", "global-packages", "--list", "--force-english-output"])).Split(": ", 2)[1].Trim();
        await WriteAsync(
            "nuget.config",
            """
            <configuration>
              <packageSources><clear /><add key="packed" value="packages" /></packageSources>
              <packageSourceMapping><clear /></packageSourceMapping>
            </configuration>
            """);
        await WriteAsync("Directory.Build.props", "<Project />");
        await WriteAsync(
            "Client.csproj",
            $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <!-- Packages that are here already need no source; those under test are installed afresh. -->
                <RestorePackagesPath>{_folder}/installed</RestorePackagesPath>
                <RestoreFallbackFolders>{installed}</RestoreFallbackFolders>
              </PropertyGroup>
              <ItemGroup><PackageReference Include="Grid.Hosting" Version="0.1.0" /></ItemGroup>
            </Project>
            """);
        await WriteAsync(
            "Program.cs",
            """
            using Grid.Hosting;
            await using var grid = await GridClient.ConnectAsync(args[0]);
            var (six, seven) = (6, 7);
            Console.WriteLine(await grid.CallAsync(() => six * seven));
            """);
    }

    private Task WriteAsync(string name, string text) => File.WriteAllTextAsync(Path.Combine(_folder, name), text);

    private async Task<string> DotnetAsync(string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _folder };
        foreach (var (name, value) in cluster.Environment)
        {
            start.Environment[name] = value;
        }

        // A build server would outlive the test.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().WaitAsync(Patience);
        Assert.True(process.ExitCode == 0, $"dotnet {string.Join(' ', arguments)} ended with {process.ExitCode}:\n{await output}{await errors}");
        return await output;
    }

    private static string FindRepository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Grid.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException($"Grid.sln is in no folder above {AppContext.BaseDirectory}.");
    }
}
