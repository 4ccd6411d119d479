namespace Grid.Serialization;

/// <summary>When an object gets the number by which later references find it.</summary>
internal enum Tracking
{
    /// <summary>Never: it is immutable and holds nothing, so that a second copy is as good.</summary>
    None,

    /// <summary>Before its content, which may therefore refer back to it.</summary>
    Early,

    /// <summary>After its content, because its reader needs that to build it.</summary>
    Late,
}
