using System.Collections.Immutable;
using Grid.Kernel.Deployment.Code;

namespace Grid.Kernel.Deployment.Origin;

/// <summary>An assembly of this program with everything it refers to, directly or not.</summary>
/// <param name="Files">The files, the assembly itself included.</param>
/// <param name="Sources">Where their bytes are.</param>
internal sealed record CodeClosure(ImmutableArray<CodeFile> Files, IReadOnlyDictionary<FileHash, CodeSource> Sources);
