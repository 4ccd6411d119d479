using System.Collections.Immutable;

namespace Grid.Hosting;

/// <summary>Reads and validates <see cref="DeploymentOptions"/>; the problems end up with the reader.</summary>
internal static class DeploymentOptionsReader
{
    private const int PathCharsMax = 4096;
    private const int NamesCharsMax = 16 * 1024;

    public static DeploymentOptions Read(SettingsReader reader)
    {
        var defaults = new DeploymentOptions();
        return new DeploymentOptions
        {
            CodeShipping = reader.ReadChoice("Deployment:CodeShipping", "true", ["true", "false"]) == "true",
            CachePath = reader.ReadText("Deployment:CachePath", defaults.CachePath, PathCharsMax),
            CacheBytesMax = reader.ReadBytes("Deployment:CacheBytesMax", defaults.CacheBytesMax, 1L << 20, 1L << 40),
            FileBytesMax = reader.ReadNumber("Deployment:FileBytesMax", defaults.FileBytesMax, 64 << 10, 1 << 30),
            SetBytesMax = reader.ReadBytes("Deployment:SetBytesMax", defaults.SetBytesMax, 64L << 10, 16L << 30),
            ContextsMax = reader.ReadNumber("Deployment:ContextsMax", defaults.ContextsMax, 1, 10_000),
            IdleTimeout = reader.ReadDuration("Deployment:IdleTimeout", defaults.IdleTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromDays(30)),
            Shared = [.. reader.ReadText("Deployment:Shared", "", NamesCharsMax).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)],
        };
    }
}
