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

    // Two halves: code that touches a UInt128 is not compiled ahead of time, which would be all code that touches this.
    private readonly ulong _high = (ulong)(Value >> 64);
    private readonly ulong _low = (ulong)Value;

    public UInt128 Value => new(_high, _low);

    public bool IsNone => (_high | _low) == 0;

    /// <summary>32 hexadecimal digits.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{_high:x16}{_low:x16}");
}
