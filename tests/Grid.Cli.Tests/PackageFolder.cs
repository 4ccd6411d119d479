using System.Diagnostics;

namespace Grid.Cli.Tests;

/// <summary>The packages of this build in a folder, and beside them programs of users that are built against them.</summary>
public sealed class PackageFolder : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(6);
    private readonly string _folder = Directory.CreateTempSubdirectory("grid-packages-").FullName;

    public string Packages => Path.Combine(_folder, "packages");

    /// <summary>What a project needs to find its packages: those that are on this machine already need no source; those under test are installed afresh.</summary>
    public IReadOnlyDictionary<string, string> Properties { get; private set; } = new Dictionary<string, string>();

    private static string Repository { get; } = FindRepository();

    /// <summary>Packs what is built already; the tests depend on all of it.</summary>
    public async Task InitializeAsync()
    {
        var configuration = AppContext.BaseDirectory.Contains("/Release/", StringComparison.Ordinal) ? "Release" : "Debug";
        await WriteAsync(
            "pack.proj",
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
        await WriteAsync(
            "nuget.config",
            """
            <configuration>
              <packageSources><add key="packed" value="packages" /></packageSources>
              <packageSourceMapping><clear /></packageSourceMapping>
            </configuration>
            """);
        await WriteAsync("Directory.Build.props", "<Project />");
        await DotnetAsync(_folder, "msbuild", "pack.proj", "-t:Pack", "-v:q", "-nologo");
        var installed = await DotnetAsync(_folder, "nuget", "locals", "global-packages", "--list", "--force-english-output");
        Properties = new Dictionary<string, string>
        {
            ["RestorePackagesPath"] = Path.Combine(_folder, "installed"),
            ["RestoreFallbackFolders"] = installed.Split(": ", 2)[1].Trim(),
        };
    }

    public Task DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return Task.CompletedTask;
    }

    /// <summary>Writes the files of a program into a folder of its own.</summary>
    /// <returns>The folder.</returns>
    public async Task<string> WriteProgramAsync(string name, params (string File, string Text)[] files)
    {
        foreach (var (file, text) in files)
        {
            await WriteAsync(Path.Combine(name, file), text);
        }

        return Path.Combine(_folder, name);
    }

    /// <summary>Runs <c>dotnet</c> to its end, which must be a good one.</summary>
    /// <returns>What it said.</returns>
    public Task<string> DotnetAsync(string folder, params string[] arguments) => RunAsync(new Dictionary<string, string>(), folder, "dotnet", arguments);

    /// <summary>Runs a program to its end, which must be a good one.</summary>
    /// <returns>What it said.</returns>
    public async Task<string> RunAsync(IReadOnlyDictionary<string, string> environment, string folder, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        // A build server would outlive the test, and so would what is built for a file that is run.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        start.Environment["UseSharedCompilation"] = "false";
        start.Environment["XDG_DATA_HOME"] = Path.Combine(_folder, "data");
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().WaitAsync(Patience);
        Skip.If(process.ExitCode != 0 && (await output).Contains("NU1101: Unable to find package Microsoft.NETCore.", StringComparison.Ordinal), "a part of the platform that this needs cannot be had here");
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}:\n{await output}{await errors}");
        return await output;
    }

    private Task WriteAsync(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return File.WriteAllTextAsync(path, text);
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
