namespace Grid.Benchmarks.ZooKeeper;

/// <summary>What every client is made to do.</summary>
/// <param name="IsWrite">Sets 100 bytes; otherwise reads 100 bytes.</param>
/// <param name="InFlight">Requests without an answer at any time.</param>
/// <param name="Operations">How many.</param>
internal readonly record struct Load(bool IsWrite, int InFlight, int Operations)
{
    public const string Path = "/bench";
    public const int DataBytes = 100;

    public string Name => $"{(IsWrite ? "write" : "read")} x{InFlight}";
}
