namespace Grid.ZooKeeper;

/// <summary>Puts a prefix before paths on their way out and takes it off on their way in. Known to the client alone.</summary>
internal readonly record struct Chroot
{
    private readonly string? _prefix;

    /// <param name="prefix">Absolute path, or "" or "/" for none.</param>
    public Chroot(string prefix)
    {
        if (prefix is not ("" or "/"))
        {
            ZooKeeperPath.ThrowIfInvalid(prefix);
            _prefix = prefix;
        }
    }

    /// <summary>The prefix; empty for none.</summary>
    public string Prefix => _prefix ?? "";

    public string Prepend(string path)
    {
        if (_prefix is null)
        {
            return path;
        }

        return path == "/" ? _prefix : _prefix + path;
    }

    /// <summary>Paths outside of the chroot, such as that of the ensemble's configuration, are returned as they are.</summary>
    public string Strip(string path)
    {
        if (_prefix is null || !path.StartsWith(_prefix, StringComparison.Ordinal))
        {
            return path;
        }

        if (path.Length == _prefix.Length)
        {
            return "/";
        }

        return path[_prefix.Length] == '/' ? path[_prefix.Length..] : path;
    }
}
