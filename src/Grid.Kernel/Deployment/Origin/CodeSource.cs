namespace Grid.Kernel.Deployment.Origin;

/// <summary>Where the bytes of a file of this program can be read.</summary>
/// <param name="Place">For messages: a path, or what else it is.</param>
/// <param name="Read">Reads all of it.</param>
internal sealed record CodeSource(string Place, Func<byte[]> Read)
{
    public static CodeSource OfFile(string path) => new(path, () => File.ReadAllBytes(path));
}
