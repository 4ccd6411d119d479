using System.Runtime.InteropServices;

namespace Grid.Kernel.Deployment.Code;

/// <summary>
/// Whether native libraries for one runtime identifier load on another. By rule instead of the platform's graph of identifiers: the family
/// (<c>linux</c>, <c>linux-musl</c>, <c>osx</c>, <c>win</c>, <c>unix</c>) and the processor, which is what packages use.
/// </summary>
internal static class RuntimeIdentifiers
{
    /// <summary>This process's family and processor, such as <c>linux-x64</c>.</summary>
    public static string Current { get; } = $"{Family()}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";

    public static bool Fits(string asset, string machine)
    {
        if (asset == machine || asset == "any")
        {
            return true;
        }

        var dash = machine.LastIndexOf('-');
        var (family, processor) = (machine[..dash], machine[(dash + 1)..]);
        return asset == family || (family != "win" && (asset == "unix" || asset == $"unix-{processor}"));
    }

    private static string Family()
    {
        if (OperatingSystem.IsWindows())
        {
            return "win";
        }

        if (OperatingSystem.IsMacOS())
        {
            return "osx";
        }

        return RuntimeInformation.RuntimeIdentifier.Contains("musl", StringComparison.Ordinal) ? "linux-musl" : "linux";
    }
}
