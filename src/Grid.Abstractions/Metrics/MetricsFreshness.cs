namespace Grid;

/// <summary>How far the metrics of a node can be trusted.</summary>
public enum MetricsFreshness
{
    /// <summary>Nothing is known: the node has not been heard of yet, or not for so long that what it said has been forgotten.</summary>
    Unknown = 0,

    /// <summary>The last figures are kept, but newer ones are overdue.</summary>
    Stale = 1,

    /// <summary>Not older than the exchange takes.</summary>
    Fresh = 2,
}
