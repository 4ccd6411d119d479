using Grid.Kernel.Deployment.Code;
using Grid.Serialization;

namespace Grid.Kernel.Deployment.Origin;

/// <summary>A native library of this program.</summary>
/// <param name="Path">Its place in the manifest: <c>runtimes/&lt;rid&gt;/native/&lt;file&gt;</c>, wherever it lies here.</param>
/// <param name="Runtime">The platforms that it is for, by their runtime identifier.</param>
/// <param name="Source">Its bytes.</param>
internal sealed record NativeFile(string Path, string Runtime, CodeSource Source)
{
    /// <summary>What a program that brings its own platform has beside it and what is therefore on every node.</summary>
    private static readonly string[] OfPlatform = ["libSystem.", "libclr", "libcoreclr", "libhost", "libmscor", "clr", "coreclr", "host", "mscor", "Microsoft.DiaSymReader.", "System."];

    private static string Ending { get; } = OperatingSystem.IsWindows() ? ".dll" : OperatingSystem.IsMacOS() ? ".dylib" : ".so";

    /// <summary>Those in <c>runtimes</c> below a folder.</summary>
    public static IEnumerable<NativeFile> OfAllPlatforms(string folder)
    {
        var runtimes = System.IO.Path.Combine(folder, "runtimes");
        foreach (var runtime in Directory.Exists(runtimes) ? Directory.EnumerateDirectories(runtimes) : [])
        {
            var native = System.IO.Path.Combine(runtime, "native");
            foreach (var file in Directory.Exists(native) ? Directory.EnumerateFiles(native) : [])
            {
                yield return Of(System.IO.Path.GetFileName(runtime), file);
            }
        }
    }

    /// <summary>Those of the platform that this process runs on, directly in a folder.</summary>
    public static IEnumerable<NativeFile> OfThisPlatform(string folder)
    {
        foreach (var file in Directory.Exists(folder) ? Directory.EnumerateFiles(folder) : [])
        {
            if (IsLibrary(file) && !IsOfPlatform(file))
            {
                yield return Of(RuntimeIdentifiers.Current, file);
            }
        }
    }

    private static NativeFile Of(string runtime, string file) => new($"runtimes/{runtime}/native/{System.IO.Path.GetFileName(file)}", runtime, CodeSource.OfFile(file));

    private static bool IsLibrary(string file)
    {
        var name = System.IO.Path.GetFileName(file);
        return OperatingSystem.IsWindows()
            ? name.EndsWith(Ending, StringComparison.OrdinalIgnoreCase) && AssemblyImage.TryRead(CodeSource.OfFile(file)) is null
            : name.EndsWith(Ending, StringComparison.Ordinal) || HasVersion(name);
    }

    /// <summary>Such as <c>libz.so.1</c>, unlike <c>libz.so.dbg</c>.</summary>
    private static bool HasVersion(string name) => name.Contains($"{Ending}.", StringComparison.Ordinal) && char.IsAsciiDigit(name[^1]);

    private static bool IsOfPlatform(string file)
    {
        var name = System.IO.Path.GetFileName(file);
        return LoadedModuleCatalog.IsPlatformFile(file) || Array.Exists(OfPlatform, start => name.StartsWith(start, StringComparison.OrdinalIgnoreCase));
    }
}
