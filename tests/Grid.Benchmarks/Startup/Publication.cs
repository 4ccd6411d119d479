using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Grid.Benchmarks.Startup;

/// <summary>A project of this repository as its users get it: published for this machine, compiled ahead of time (ReadyToRun), with the shared framework.</summary>
internal static class Publication
{
    /// <summary>Publishes.</summary>
    /// <param name="project">The project's folder, from the root of the repository.</param>
    /// <param name="program">The name of its program.</param>
    /// <param name="folder">Where to.</param>
    /// <returns>The program.</returns>
    public static async Task<string> PublishAsync(string project, string program, string folder)
    {
        string[] arguments =
        [
            "publish", Path.Combine(Root(), project), "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier, "--self-contained", "false",
            "-p:PublishReadyToRun=true", "-o", folder, "-v", "q", "--nologo",
        ];
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? Path.Combine(folder, program)
            : throw new InvalidOperationException($"dotnet {string.Join(' ', arguments)} ended with {process.ExitCode}: {output}");
    }

    private static string Root()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Grid.sln")))
            {
                return folder;
            }
        }

        throw new InvalidOperationException("The suite publishes projects of the repository: run it from its working tree.");
    }
}
