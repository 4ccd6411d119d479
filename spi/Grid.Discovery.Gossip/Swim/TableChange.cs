namespace Grid.Discovery.Gossip.Swim;

/// <summary>What an update did to the table.</summary>
internal enum TableChange
{
    /// <summary>It was known, is out of date, or cannot be used.</summary>
    None,

    /// <summary>It is news.</summary>
    Applied,

    /// <summary>It is news whose record did not travel along; nothing was changed.</summary>
    RecordMissing,
}
