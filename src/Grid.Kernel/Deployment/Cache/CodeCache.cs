using System.Diagnostics.CodeAnalysis;
using Grid.Kernel.Deployment.Code;
using Microsoft.Extensions.Logging;

namespace Grid.Kernel.Deployment.Cache;

/// <summary>
/// Files of code on disk, named by their hash. Several processes may use one folder: a file is written under a name of its own and then renamed, is
/// never changed afterwards, and what is read is checked against its name, so neither a crash nor another process can make it wrong. When the files take more than they may, those go
/// that were used longest ago; the time of last use is the file's time of last change, which all processes see.
/// </summary>
internal sealed class CodeCache
{
    private const string TemporaryEnding = ".tmp";
    private static readonly TimeSpan AbandonedAfter = TimeSpan.FromHours(1);

    private readonly string _folder;
    private readonly long _bytesMax;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();

    // How many loaded contexts need each file; under the gate.
    private readonly Dictionary<FileHash, int> _pins = [];
    private long _bytes;
    private bool _isOpen;

    public CodeCache(DeploymentOptions options, TimeProvider time, ILogger logger)
    {
        _folder = options.CachePath.Length > 0 ? Path.GetFullPath(options.CachePath) : CacheFolder.Default();
        _bytesMax = options.CacheBytesMax;
        _time = time;
        _logger = logger;
    }

    /// <summary>What the files took when they were last counted, plus what was written since.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Reads a file, if it is there and is what its name says. A damaged one is removed.</summary>
    public bool TryRead(FileHash hash, [NotNullWhen(true)] out byte[]? content)
    {
        content = null;
        var path = PathOf(hash.ToString());
        try
        {
            if (!File.Exists(path))
            {
                return false;
            }

            var read = File.ReadAllBytes(path);
            if (FileHash.Of(read) != hash)
            {
                DeploymentLog.CacheDamaged(_logger, path);
                File.Delete(path);
                return false;
            }

            Touch(path);
            content = read;
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            DeploymentLog.CacheUnusable(_logger, path, e.Message);
            return false;
        }
    }

    /// <summary>Whether a file is there; what it holds is checked when it is read.</summary>
    public bool Contains(FileHash hash) => File.Exists(PathOf(hash.ToString()));

    /// <summary>The path of a file whose content has been checked, for the loading of native libraries.</summary>
    public string? FindChecked(FileHash hash) => TryRead(hash, out _) ? PathOf(hash.ToString()) : null;

    /// <summary>Reads a manifest, if it is there and is what its name says.</summary>
    public CodeManifest? Find(CodeSetId set, DeploymentOptions limits)
    {
        var path = PathOf(set.ToString());
        try
        {
            if (File.Exists(path) && CodeManifest.TryRead(File.ReadAllBytes(path), limits, out var manifest) && manifest.Id == set)
            {
                Touch(path);
                return manifest;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            DeploymentLog.CacheUnusable(_logger, path, e.Message);
        }

        return null;
    }

    /// <summary>Keeps a manifest.</summary>
    public void Add(CodeManifest manifest) => Write(manifest.Id.ToString(), manifest.Content.Span);

    /// <summary>Keeps a file whose content has been checked.</summary>
    /// <exception cref="CodeShippingException">It cannot be written.</exception>
    public void Add(FileHash hash, ReadOnlySpan<byte> content) => Write(hash.ToString(), content);

    /// <summary>Keeps files from being removed by this process until <see cref="Unpin"/>.</summary>
    public void Pin(IEnumerable<FileHash> files)
    {
        lock (_gate)
        {
            foreach (var file in files)
            {
                _pins[file] = _pins.GetValueOrDefault(file) + 1;
            }
        }
    }

    public void Unpin(IEnumerable<FileHash> files)
    {
        lock (_gate)
        {
            foreach (var file in files)
            {
                if (--_pins[file] == 0)
                {
                    _pins.Remove(file);
                }
            }
        }
    }

    private void Write(string name, ReadOnlySpan<byte> content)
    {
        var path = PathOf(name);
        try
        {
            Open();
            if (IsThere(path, content.Length))
            {
                return;
            }

            CacheFolder.Create(Path.GetDirectoryName(path)!);

            // Random, because processes in containers that share the folder may have the same number.
            var temporary = $"{path}.{Path.GetRandomFileName()}{TemporaryEnding}";
            File.WriteAllBytes(temporary, content);
            File.Move(temporary, path, overwrite: true);
            Touch(path);
        }
        catch (FileNotFoundException) when (IsThere(path, content.Length))
        {
            // Somebody else put it there in the same moment, which the platform's move does not always survive; the name says that it is the same.
            return;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CodeShippingException($"Code cannot be kept in {_folder}: {e.Message} Give the node a folder that it can write to (Grid:Deployment:CachePath).", e);
        }

        if (Interlocked.Add(ref _bytes, content.Length) > _bytesMax)
        {
            Evict();
        }
    }

    /// <summary>Whether the file is complete, by its length. One that is damaged is found and removed when it is read.</summary>
    private static bool IsThere(string path, int bytes) => new FileInfo(path) is { Exists: true } file && file.Length == bytes;

    private void Open()
    {
        lock (_gate)
        {
            if (_isOpen)
            {
                return;
            }

            CacheFolder.Create(_folder);
            _bytes = List().Sum(file => file.Bytes);
            _isOpen = true;
        }
    }

    /// <summary>Removes the files that were used longest ago, down to nine tenths of the limit, so that it is not done for each file.</summary>
    private void Evict()
    {
        lock (_gate)
        {
            var pinned = _pins.Keys.Select(hash => hash.ToString()).ToHashSet(StringComparer.Ordinal);
            var files = List();
            var left = files.Sum(file => file.Bytes);
            foreach (var file in files.OrderBy(file => file.UsedAt))
            {
                if (left <= _bytesMax / 10 * 9)
                {
                    break;
                }

                left -= !pinned.Contains(Path.GetFileName(file.Path)) && TryDelete(file.Path) ? file.Bytes : 0;
            }

            Interlocked.Exchange(ref _bytes, left);
        }
    }

    /// <summary>All files as they were a moment ago; what crashed writers left behind is removed on the way.</summary>
    private List<CachedFile> List()
    {
        var files = new List<CachedFile>();
        foreach (var file in new DirectoryInfo(_folder).EnumerateFiles("*", SearchOption.AllDirectories))
        {
            if (TryDescribe(file) is not { } cached)
            {
                continue;
            }

            if (!file.Name.EndsWith(TemporaryEnding, StringComparison.Ordinal))
            {
                files.Add(cached);
            }
            else if (_time.GetUtcNow() - cached.UsedAt > AbandonedAfter)
            {
                TryDelete(cached.Path);
            }
        }

        return files;
    }

    private static CachedFile? TryDescribe(FileInfo file)
    {
        try
        {
            return new CachedFile(file.FullName, file.Length, file.LastWriteTimeUtc);
        }
        catch (FileNotFoundException)
        {
            // Another process was faster.
            return null;
        }
    }

    private bool TryDelete(string path)
    {
        try
        {
            File.Delete(path);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            DeploymentLog.CacheUnusable(_logger, path, e.Message);
            return false;
        }
    }

    private void Touch(string path)
    {
        try
        {
            File.SetLastWriteTimeUtc(path, _time.GetUtcNow().UtcDateTime);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is used all the same; another process may have removed it, or the folder may be read-only.
            DeploymentLog.CacheUnusable(_logger, path, e.Message);
        }
    }

    private string PathOf(string name) => Path.Combine(_folder, name[..2], name);

    private readonly record struct CachedFile(string Path, long Bytes, DateTime UsedAt);
}
