using System.Globalization;

namespace Grid;

/// <summary>One failed attempt of a job, for the history in exceptions.</summary>
/// <param name="Number">1 for the first attempt.</param>
/// <param name="Node">Where it was tried.</param>
/// <param name="Elapsed">From sending it to knowing that it failed.</param>
/// <param name="Outcome">What happened, in words.</param>
public sealed record JobAttempt(int Number, NodeInfo Node, TimeSpan Elapsed, string Outcome)
{
    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"attempt {Number} on {Node}, after {Elapsed.TotalMilliseconds:0} ms: {Outcome}");
}
