using Grid.Kernel.Deployment.Cache;
using Grid.Kernel.Deployment.Code;
using Grid.Kernel.Deployment.Origin;

namespace Grid.Kernel.Deployment.Loading;

/// <summary>Reads the files of sets on this node: those of its own program where they lie, the others in the cache. Any thread.</summary>
internal sealed class CodeImages(OfferedCode offered, CodeCache cache)
{
    public bool Has(CodeFile file) => offered.TryFind(file.Hash, out _) || cache.Contains(file.Hash);

    /// <summary>The checked bytes of a file.</summary>
    /// <exception cref="CodeShippingException">It is not here any more.</exception>
    public byte[] Read(CodeFile file)
    {
        if (cache.TryRead(file.Hash, out var cached))
        {
            return cached;
        }

        if (offered.TryFind(file.Hash, out var source) && source.Read() is var own && FileHash.Of(own) == file.Hash)
        {
            return own;
        }

        throw new CodeShippingException(
            $"{file.Path} ({file.Hash.ToShortString()}) was fetched and is gone from the code cache: another process removed it. Submit the job again, or give the cache more room (Grid:Deployment:CacheBytesMax).");
    }

    /// <summary>The path of a native library; null when it is not here.</summary>
    public string? FindPath(CodeFile file)
    {
        if (cache.FindChecked(file.Hash) is { } path)
        {
            return path;
        }

        if (!offered.TryFind(file.Hash, out _))
        {
            return null;
        }

        cache.Add(file.Hash, Read(file));
        return cache.FindChecked(file.Hash);
    }
}
