namespace Grid;

/// <summary>
/// A job, argument or result holds something that is tied to its process, such as a socket, a stream or a thread. Nothing was sent.
/// </summary>
/// <param name="path">The way from the job to the value, for example <c>job → &lt;closure&gt;.client → HttpClient</c>.</param>
/// <param name="typeName">The type that cannot be shipped.</param>
/// <param name="reason">Why, and what to do instead.</param>
public sealed class NotShippableException(string path, string typeName, string reason)
    : GridException($"{path} cannot be shipped: {reason}")
{
    /// <summary>The way from the job to the value.</summary>
    public string Path { get; } = path;

    /// <summary>The type that cannot be shipped.</summary>
    public string TypeName { get; } = typeName;
}
