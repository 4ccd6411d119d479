namespace Grid.Discovery.ZooKeeper.View;

/// <summary>
/// How many records one multi-read asks for. The request is bounded by the servers' frame limit (1 MiB: each read takes about 200 bytes with a long root), the answer by
/// the client's; records have very different sizes, and a batch whose answer is too long costs the connection, so a failed batch halves the next
/// ones, down to where even the greatest znodes fit, and each success doubles them again. Pure.
/// </summary>
internal sealed class BatchSize
{
    public const int Max = 4096;

    /// <summary>Znodes of 1 MiB, written by somebody else, still fit into the client's 16 MiB.</summary>
    public const int Min = 8;

    public int Current { get; private set; } = Max;

    public void OnSuccess() => Current = Math.Min(Current * 2, Max);

    public void OnFailure() => Current = Math.Max(Current / 2, Min);
}
