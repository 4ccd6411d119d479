using Grid.Deployment.Tests.Programs;
using Grid.Kernel.Deployment.Code;

namespace Grid.Deployment.Tests;

/// <summary>Programs with a library that calls native code, on workers that have neither.</summary>
[Trait("Lane", "loopback")]
public sealed class NativeTests : IDisposable
{
    private const string Library = "Mono.Posix.NETStandard";

    /// <summary>The number of an error in its platform's own terms: only the native part of the library knows it.</summary>
    private const string CallsNative = """
        public static class Program
        {
            public static async Task<string> Run(IGrid grid, int n) =>
                (await grid.CallAsync(name => Mono.Unix.Native.NativeConvert.FromErrno(Enum.Parse<Mono.Unix.Native.Errno>(name)), "ENOENT")).ToString();
        }
        """;

    private readonly TestFolder _folder = new();

    /// <summary>The native parts of the library for each platform, as its package brings them.</summary>
    private static string Runtimes { get; } = Path.Combine(AppContext.BaseDirectory, "natives");

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_native_library_runs_where_it_was_not_installed(bool isPortable)
    {
        var own = NativesOfThisMachine();
        Skip.If(own.Count == 0, $"{Library} has no native library for {RuntimeIdentifiers.Current}");
        await using var worker = await WorkerProcess.StartAsync(_folder.New());
        await using var client = await WorkerProcess.ConnectAsync(worker);
        using var program = isPortable ? Portable() : OfOnePlatform(own);

        Assert.Equal("2", await program.RunAsync(client.Grid));

        // The program, the library, its native part for this machine; not those for other machines.
        Assert.Equal(2 + own.Count, (await worker.StatsAsync()).FilesFetched);
    }

    /// <summary>Lies as <c>dotnet build</c> leaves it: the native libraries of all platforms in folders.</summary>
    private ClientProgram Portable() => Make(folder =>
    {
        foreach (var file in Directory.GetFiles(Runtimes, "*MonoPosixHelper*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(folder, "runtimes", Path.GetRelativePath(Runtimes, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    });

    /// <summary>Lies as <c>dotnet publish -r</c> leaves it: the native libraries of one platform beside the program.</summary>
    private ClientProgram OfOnePlatform(List<string> natives) => Make(folder => natives.ForEach(file => File.Copy(file, Path.Combine(folder, Path.GetFileName(file)))));

    private ClientProgram Make(Action<string> copyNatives)
    {
        var folder = _folder.New();
        ClientProgram.CopyLibrary(folder, Library);
        ClientProgram.Compile(folder, "Client", CallsNative);
        copyNatives(folder);
        return ClientProgram.Load(folder, "Client");
    }

    private static List<string> NativesOfThisMachine() =>
    [
        .. Directory.GetDirectories(Runtimes)
            .Where(folder => RuntimeIdentifiers.Fits(Path.GetFileName(folder), RuntimeIdentifiers.Current) && Directory.Exists(Path.Combine(folder, "native")))
            .SelectMany(folder => Directory.GetFiles(Path.Combine(folder, "native"), "*MonoPosixHelper*")),
    ];
}
