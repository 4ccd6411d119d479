namespace Grid.Kernel.Membership;

/// <summary>The limits of <see cref="MembershipService"/>.</summary>
internal sealed record MembershipOptions
{
    /// <summary>
    /// How many changes are kept for replay: 1 to 1,000,000, default 4,096. A reader of the change stream that is further behind gets a
    /// reset. Each costs about 400 bytes while its node's record is not shared with the view.
    /// </summary>
    public int HistoryMax { get; init; } = 4096;

    /// <summary>
    /// The upper bound of the random delay before the first attempt to rejoin, default 500 ms; it doubles with each failed attempt. Lower
    /// brings a lone node back sooner; higher spreads a whole cluster that lost its registry at once.
    /// </summary>
    public TimeSpan RejoinDelayBase { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Where the doubling of <see cref="RejoinDelayBase"/> ends, default 30 s. There is no last attempt.</summary>
    public TimeSpan RejoinDelayMax { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long one attempt to rejoin may take, default 30 s.</summary>
    public TimeSpan RejoinTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the end of the loops, and the good-bye after a start that failed half-way, may take, default 5 s.</summary>
    public TimeSpan EndTimeout { get; init; } = TimeSpan.FromSeconds(5);
}
