namespace Grid.Serialization;

/// <summary>Makes a job's cancellation token when it is asked for: most payloads hold none, and a source costs more than a small payload.</summary>
public interface ITokenOwner
{
    /// <summary>The token; the same at every call.</summary>
    CancellationToken Token { get; }
}
