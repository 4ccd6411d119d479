namespace Grid.Kernel.Deployment.Cache;

/// <summary>Where the cache lies when the configuration does not say.</summary>
internal static class CacheFolder
{
    /// <summary>Below the user's own folder for such things, else below the folder for temporary files, where it carries the user's name.</summary>
    public static string Default()
    {
        var own = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return own.Length > 0 ? Path.Combine(own, "grid", "code") : Path.Combine(Path.GetTempPath(), $"grid-code-{Environment.UserName}");
    }

    /// <summary>Makes a folder that only the user can write to, where the system knows such a thing.</summary>
    public static void Create(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
