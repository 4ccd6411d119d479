namespace Grid;

/// <summary>A job threw an exception whose type cannot be loaded or rebuilt here; this one stands in for it.</summary>
/// <param name="originalTypeName">The full name of the type that was thrown.</param>
/// <param name="message">Its message.</param>
/// <param name="remoteStackTrace">Its stack on the node that ran the job, or <see langword="null"/>.</param>
public sealed class RemoteJobException(string originalTypeName, string message, string? remoteStackTrace)
    : GridException($"{originalTypeName}: {message}")
{
    /// <summary>The full name of the type that was thrown.</summary>
    public string OriginalTypeName { get; } = originalTypeName;

    /// <summary>Its stack on the node that ran the job, or <see langword="null"/>.</summary>
    public string? RemoteStackTrace { get; } = remoteStackTrace;
}
