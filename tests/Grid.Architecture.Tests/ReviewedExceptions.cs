using Grid.Architecture.Tests.Model;

namespace Grid.Architecture.Tests;

/// <summary>The accepted breaches: few, each with its reason. One that is no longer needed fails the tests, too.</summary>
internal static class ReviewedExceptions
{
    public static IReadOnlyList<ReviewedException> All { get; } =
    [
    ];
}
