namespace Grid;

/// <summary>
/// The identity of a cluster, drawn once by whoever created it in the registry. Every handshake carries it, so that
/// nodes of two clusters that were given the same name, or of one that was wiped and made anew, never exchange work.
/// </summary>
/// <param name="Value">128 random bits.</param>
public readonly record struct ClusterId(UInt128 Value)
{
    /// <inheritdoc/>
    public override string ToString() => new NodeId(Value).ToString();
}
