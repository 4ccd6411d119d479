using Grid.Kernel.Deployment.Code;

namespace Grid.Kernel.Deployment.Loading;

/// <summary>What a loaded context is known by.</summary>
/// <param name="Set">The code in it.</param>
/// <param name="Owner">The submitter it belongs to; default when it is shared.</param>
/// <param name="Call">The call it belongs to; 0 for all.</param>
internal readonly record struct CodeKey(CodeSetId Set, NodeKey Owner, long Call)
{
    public bool IsPrivate => Call != 0;
}
