using Grid.Deployment.Tests.Programs;
using Grid.Kernel.Deployment.Cache;
using Grid.Kernel.Deployment.Code;
using Grid.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using DeploymentOptions = Grid.Kernel.Deployment.DeploymentOptions;

namespace Grid.Deployment.Tests.Cache;

public sealed class CodeCacheTests : IDisposable
{
    private const int FileBytes = 200_000;
    private readonly TestFolder _folder = new();
    private readonly ManualTimeProvider _time = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_was_kept_is_found_by_another_process_too()
    {
        var hash = Add(Open(), 1);

        Assert.True(Open().TryRead(hash, out var content));
        Assert.Equal(Content(1), content);
    }

    [Fact]
    public void A_damaged_file_is_not_used_and_goes()
    {
        var cache = Open();
        var hash = Add(cache, 1);
        var path = Directory.EnumerateFiles(_folder.Path, hash.ToString(), SearchOption.AllDirectories).Single();
        File.WriteAllBytes(path, Content(2));

        Assert.False(cache.TryRead(hash, out _));
        Assert.False(File.Exists(path));
    }

    [Fact]
    public void Beyond_its_limit_what_was_used_longest_ago_goes()
    {
        var cache = Open();
        FileHash[] hashes = [Add(cache, 1), Add(cache, 2), Add(cache, 3), Add(cache, 4)];
        Assert.True(cache.TryRead(hashes[0], out _));
        _time.Advance(TimeSpan.FromSeconds(1));

        Add(cache, 5);
        Add(cache, 6);

        Assert.True(cache.Contains(hashes[0]));
        Assert.False(cache.Contains(hashes[1]));
        Assert.InRange(cache.Bytes, FileBytes, 1 << 20);
    }

    [Fact]
    public void Files_of_loaded_code_stay()
    {
        var cache = Open();
        var pinned = Add(cache, 1);
        cache.Pin([pinned]);
        for (byte i = 2; i < 12; i++)
        {
            Add(cache, i);
        }

        Assert.True(cache.Contains(pinned));
        cache.Unpin([pinned]);
        Add(cache, 20);
        Add(cache, 21);
        Assert.False(cache.Contains(pinned));
    }

    [Fact]
    public void Writers_of_one_file_at_once_do_no_harm()
    {
        var caches = new[] { Open(), Open() };
        var hash = FileHash.Of(Content(1));

        Parallel.For(0, 64, i => caches[i % 2].Add(hash, Content(1)));

        Assert.True(caches[0].TryRead(hash, out _));
        Assert.Single(Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories));
    }

    private static byte[] Content(byte filler)
    {
        var content = new byte[FileBytes];
        Array.Fill(content, filler);
        return content;
    }

    private CodeCache Open() => new(new DeploymentOptions { CachePath = _folder.Path, CacheBytesMax = 1 << 20 }, _time, NullLogger.Instance);

    private FileHash Add(CodeCache cache, byte filler)
    {
        var content = Content(filler);
        var hash = FileHash.Of(content);
        cache.Add(hash, content);
        Assert.True(cache.TryRead(hash, out _));
        _time.Advance(TimeSpan.FromSeconds(1));
        return hash;
    }
}
