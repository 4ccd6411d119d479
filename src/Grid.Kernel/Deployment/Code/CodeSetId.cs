using System.Globalization;

namespace Grid.Kernel.Deployment.Code;

/// <summary>
/// Names a set of code by its content: the first 16 bytes of the SHA-256 of its manifest, which names every file by its hash. Two jobs with one id run
/// the same code down to the last library.
/// </summary>
/// <param name="Value">The bytes as a number, the first one highest; zero for a job that needs no user code.</param>
internal readonly record struct CodeSetId(UInt128 Value)
{
    public const int Size = 16;

    public bool IsNone => Value == UInt128.Zero;

    /// <summary>32 hexadecimal digits.</summary>
    public override string ToString() => Value.ToString("x32", CultureInfo.InvariantCulture);
}
