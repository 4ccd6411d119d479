using Grid.Architecture.Tests.Model;

namespace Grid.Architecture.Tests.Samples;

/// <summary>A few files that break a rule or keep it.</summary>
/// <param name="Rule">The name of the rule.</param>
/// <param name="Case">What the sample shows, as a sentence.</param>
/// <param name="Message">A part of the message expected, or <see langword="null"/> when the files keep the rule.</param>
/// <param name="Files">Paths and contents.</param>
internal sealed record Sample(string Rule, string Case, string? Message, params (string Path, string Text)[] Files)
{
    public Repository ToRepository() => new(Files.Select(file => new RepositoryFile(file.Path, file.Text)));

    public override string ToString() => $"{Rule}: {Case}";
}
