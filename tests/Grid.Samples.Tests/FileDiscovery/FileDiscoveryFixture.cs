using System.Collections.Concurrent;
using System.Globalization;
using Grid.Samples.FileDiscovery;
using Grid.Spi;
using Grid.Testing;

namespace Grid.Samples.Tests.FileDiscovery;

/// <summary>A shared folder that each provider reaches over a symbolic link of its own: taking the link away is what a share that is not mounted looks like.</summary>
internal sealed class FileDiscoveryFixture : DiscoveryFixture
{
    private readonly TemporaryFolder _root = new();
    private readonly ConcurrentDictionary<IDiscoverySpi, string> _links = new();
    private int _count;

    public FileDiscoveryFixture() => Directory.CreateDirectory(Shared);

    private string Shared => Path.Combine(_root.Path, "shared");

    public override ValueTask<IDiscoverySpi> CreateAsync(string cluster)
    {
        var link = Path.Combine(_root.Path, string.Create(CultureInfo.InvariantCulture, $"link-{Interlocked.Increment(ref _count)}"));
        Directory.CreateSymbolicLink(link, Shared);
        var provider = new Grid.Samples.FileDiscovery.FileDiscovery(
            new SharedFolder(link, cluster, TimeProvider.System), TimeSpan.FromMilliseconds(20), TimeProvider.System);
        _links[provider] = link;
        return ValueTask.FromResult<IDiscoverySpi>(provider);
    }

    public override Task SuspendAsync(IDiscoverySpi provider)
    {
        Directory.Delete(_links[provider]);
        return Task.CompletedTask;
    }

    public override Task ResumeAsync(IDiscoverySpi provider)
    {
        Directory.CreateSymbolicLink(_links[provider], Shared);
        return Task.CompletedTask;
    }

    public override Task ExpireAsync(IDiscoverySpi provider)
    {
        File.Delete(((Grid.Samples.FileDiscovery.FileDiscovery)provider).MemberFile!);
        return Task.CompletedTask;
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _root.Dispose();
    }
}
