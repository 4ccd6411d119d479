namespace Grid.Hosting;

/// <summary>What becomes of jobs when an attempt is lost or refused: the section <c>Grid:Failover</c> of the node that submits them.</summary>
public sealed class FailoverOptions
{
    /// <summary>
    /// <c>Provider</c>: <c>Always</c> (default) tries them again, elsewhere at once, where they failed after a pause; <c>Never</c> gives them back; <c>ByExceptionType</c> also tries jobs again that
    /// threw what <c>Failover:ByExceptionType:Retry</c> lists, unless <c>Failover:ByExceptionType:Give</c> lists it more closely. <c>Always</c> and <c>ByExceptionType</c> have the keys <c>BackOff</c> and
    /// <c>BackOffMax</c>.
    /// </summary>
    public string Provider { get; init; } = "Always";

    /// <summary><c>MaxAttempts</c>: how often a job may fail, 1 to 100, default 5, unless its own <see cref="JobOptions.MaxAttempts"/> is set. More survives more lost nodes in a row; fewer tells sooner of a job that kills nodes.</summary>
    public int MaxAttempts { get; init; } = 5;
}
