namespace Grid.Architecture.Tests.Model;

/// <summary>One breach of a rule.</summary>
/// <param name="At">Where: <c>path:line</c>, or a path.</param>
/// <param name="Subject">What it is about, without a line number, so that a reviewed exception can name it.</param>
/// <param name="Message">What is wrong and what to do.</param>
internal sealed record Violation(string At, string Subject, string Message)
{
    public override string ToString() => $"{At}: {Message}";
}
