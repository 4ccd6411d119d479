namespace Grid.Architecture.Tests.Model;

/// <summary>
/// A rule over the text of the repository. Each has samples that break it and samples that keep it (folder Samples): a rule
/// without both fails the tests.
/// </summary>
internal interface IRule
{
    /// <summary>The name that samples and reviewed exceptions use.</summary>
    string Name { get; }

    IEnumerable<Violation> Check(Repository repository);
}
