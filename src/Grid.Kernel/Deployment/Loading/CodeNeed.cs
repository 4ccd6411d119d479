using Grid.Kernel.Deployment.Code;

namespace Grid.Kernel.Deployment.Loading;

/// <summary>The code that a job needs, and with whom it shares it.</summary>
/// <param name="Set">The set; none when the job consists of platform code alone.</param>
/// <param name="Isolation">With whom it is shared.</param>
/// <param name="Submitter">Who wants the job run, and answers for its code.</param>
/// <param name="Call">The submitter's number of the call, for <see cref="CodeIsolation.Private"/>; otherwise 0.</param>
internal readonly record struct CodeNeed(CodeSetId Set, CodeIsolation Isolation, NodeKey Submitter, long Call)
{
    /// <summary>What a loaded context is known by: jobs with the same key share it.</summary>
    public CodeKey Key => Isolation switch
    {
        CodeIsolation.Shared => new CodeKey(Set, default, 0),
        CodeIsolation.Isolated => new CodeKey(Set, Submitter, 0),
        CodeIsolation.Private => new CodeKey(Set, Submitter, Call),
        _ => throw new InvalidOperationException($"The isolation {Isolation} is unknown."),
    };
}
