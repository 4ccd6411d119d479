namespace Grid.Kernel.Deployment.Code;

/// <summary>What a file of a set is. The numbers are part of the manifest's format.</summary>
internal enum CodeFileKind : byte
{
    /// <summary>An assembly with code.</summary>
    Assembly = 1,

    /// <summary>An assembly with the texts of one language, from the folder of its culture.</summary>
    Satellite = 2,

    /// <summary>A native library, from <c>runtimes/&lt;rid&gt;/native</c>.</summary>
    Native = 3,
}
