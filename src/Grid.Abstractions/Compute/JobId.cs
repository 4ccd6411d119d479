using System.Globalization;

namespace Grid;

/// <summary>The identity of a job, unique in the cluster: who submitted it and the submitter's count.</summary>
/// <param name="Submitter">The node or client whose job it is.</param>
/// <param name="Number">1 for the submitter's first job, and so on.</param>
public readonly record struct JobId(NodeId Submitter, long Number)
{
    /// <summary>The submitter's first digits and the number: <c>5f3a09c2-17</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Submitter.ToShortString()}-{Number}");
}
