namespace Grid.Kernel.Deployment.Loading;

/// <summary>This node cannot take code in at this moment; another one may. The submitter gets it as a rejection.</summary>
internal sealed class CodeUnavailableException(string message) : GridException(message)
{
    /// <inheritdoc/>
    public override bool IsTransient => true;
}
