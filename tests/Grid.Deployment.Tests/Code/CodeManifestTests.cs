using System.Security.Cryptography;
using Grid.Kernel.Deployment.Code;
using DeploymentOptions = Grid.Kernel.Deployment.DeploymentOptions;

namespace Grid.Deployment.Tests.Code;

public sealed class CodeManifestTests
{
    private static readonly DeploymentOptions Limits = new() { SetFilesMax = 3 };

    [Fact]
    public void A_manifest_is_read_as_it_was_written()
    {
        var written = CodeManifest.Of([File("b.dll", 2), File("a.dll", 1), File("runtimes/linux-x64/native/libc.so", 3) with { Kind = CodeFileKind.Native, Qualifier = "linux-x64" }]);

        Assert.True(CodeManifest.TryRead(written.Content.Span, Limits, out var read));
        Assert.Equal((written.Id, 6L), (read.Id, read.BytesTotal));
        Assert.Equal(written.Files.AsEnumerable(), read.Files);
        Assert.Equal("a.dll", read.Files[0].Path);
    }

    [Fact]
    public void The_order_and_repetition_of_files_make_no_other_set_but_their_content_does()
    {
        var one = CodeManifest.Of([File("a.dll", 1), File("b.dll", 2)]);
        var same = CodeManifest.Of([File("b.dll", 2), File("a.dll", 1), File("b.dll", 2)]);
        var other = CodeManifest.Of([File("a.dll", 1), File("b.dll", 3)]);

        Assert.Equal(one.Id, same.Id);
        Assert.NotEqual(one.Id, other.Id);
    }

    [Fact]
    public void Two_builds_of_one_file_in_one_job_are_refused_by_name()
    {
        var refusal = Assert.Throws<CodeShippingException>(() => CodeManifest.Of([File("lib.dll", 1), File("lib.dll", 2)]));

        Assert.Contains("two builds of lib.dll", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void More_files_than_are_allowed_are_not_read()
    {
        var manifest = CodeManifest.Of(Enumerable.Range(1, 4).Select(i => File($"{i}.dll", (byte)i)));

        Assert.False(CodeManifest.TryRead(manifest.Content.Span, Limits, out _));
    }

    [Fact]
    public void Damaged_bytes_are_never_read_as_the_same_set_and_never_throw()
    {
        const int Seed = 20261120;
        var random = new Random(Seed);
        var manifest = CodeManifest.Of([File("a.dll", 1), File("b.dll", 2)]);
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = manifest.Content.ToArray();
            bytes[random.Next(bytes.Length)] ^= (byte)random.Next(1, 256);
            var cut = bytes.AsSpan(0, random.Next(4) == 0 ? random.Next(bytes.Length) : bytes.Length);

            var isRead = CodeManifest.TryRead(cut, Limits, out var read);

            Assert.False(isRead && read!.Id == manifest.Id, $"seed {Seed}, round {round}");
        }
    }

    [Theory]
    [InlineData("linux-x64", "linux-x64", true)]
    [InlineData("linux", "linux-x64", true)]
    [InlineData("unix", "linux-arm64", true)]
    [InlineData("unix-x64", "osx-x64", true)]
    [InlineData("any", "win-x64", true)]
    [InlineData("unix", "win-x64", false)]
    [InlineData("linux-arm64", "linux-x64", false)]
    [InlineData("linux-x64", "linux-musl-x64", false)]
    public void A_native_library_fits_its_own_platform_and_wider_ones(string asset, string machine, bool fits) =>
        Assert.Equal(fits, RuntimeIdentifiers.Fits(asset, machine));

    private static CodeFile File(string path, byte content) =>
        new(CodeFileKind.Assembly, path, Path.GetFileNameWithoutExtension(path), "1.0.0.0", "", content, FileHash.Of(SHA256.HashData([content])));
}
