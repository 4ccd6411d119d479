namespace Grid.Kernel.Deployment.Loading;

/// <summary>A file that was fetched and checked.</summary>
/// <param name="Content">Its bytes.</param>
/// <param name="From">Who gave it.</param>
internal readonly record struct Fetched(byte[] Content, NodeInfo From);
