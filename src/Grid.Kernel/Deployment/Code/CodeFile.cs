namespace Grid.Kernel.Deployment.Code;

/// <summary>One file of a set of code. The path is a name, never used to open anything on the receiving side.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Path">Where it stands beside the program, with forward slashes.</param>
/// <param name="Name">The simple name of an assembly; the file name of a native library.</param>
/// <param name="Version">The version of an assembly; empty for a native library.</param>
/// <param name="Qualifier">The culture of a satellite, the runtime identifier of a native library; otherwise empty.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Hash">The hash of its content.</param>
internal sealed record CodeFile(CodeFileKind Kind, string Path, string Name, string Version, string Qualifier, int Bytes, FileHash Hash)
{
    public override string ToString() => Version.Length == 0 ? Name : $"{Name} {Version}";
}
