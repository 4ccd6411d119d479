namespace Grid.Samples.FileDiscovery;

/// <summary>What a member holds of the folder.</summary>
/// <param name="Key">Who it is.</param>
/// <param name="File">Its record.</param>
/// <param name="Life">The lock that says that its process runs.</param>
public sealed record Membership(NodeKey Key, string File, FileStream Life) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Life.Dispose();
}
