using Grid.Architecture.Tests.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Grid.Architecture.Tests.Rules;

/// <summary>
/// Tests wait on conditions, never for a while; none is switched off; each asserts something, itself or through a method
/// under tests/; none judges a stopwatch; its name is a sentence; its lane is one that can be run.
/// </summary>
internal sealed class TestHygiene : IRule
{
    /// <summary>What makes a method a check: assertions, and waits that fail when their condition does not come true.</summary>
    private static readonly string[] Checks = ["Assert", "QuickCheckThrowOnFailure", "Should", "WaitAsync", "XunitException", "TimeoutException"];

    private static readonly string[] Lanes = ["pure", "loopback", "server", "processes", "measurement"];

    public string Name => nameof(TestHygiene);

    public IEnumerable<Violation> Check(Repository repository)
    {
        var files = repository.CSharp.Where(file => file.Area == "tests" && !file.Path.StartsWith("tests/Grid.Benchmarks/", StringComparison.Ordinal)).ToList();
        return files.SelectMany(file => Sleeps(file).Concat(SwitchedOff(file)).Concat(StopwatchJudges(file)).Concat(NoSentences(file)).Concat(UnknownLanes(file))).Concat(Unchecked(files));
    }

    private static IEnumerable<Violation> Sleeps(RepositoryFile file) =>
        from call in file.Syntax.DescendantNodes().OfType<InvocationExpressionSyntax>()
        let target = call.Expression.ToString()
        where target.EndsWith("Thread.Sleep", StringComparison.Ordinal) || (target.EndsWith("Task.Delay", StringComparison.Ordinal) && IsForAWhile(call))
        select new Violation(file.At(call), file.Path, $"waits for a while ({call}): arm a wait on a condition, then trigger it; time comes from ManualTimeProvider.");

    /// <summary>A delay without end (a job that only a token or the end of its node stops) or one on an injected clock is no wait for a while.</summary>
    private static bool IsForAWhile(InvocationExpressionSyntax delay)
    {
        var arguments = delay.ArgumentList.Arguments.Select(argument => argument.Expression.ToString()).ToList();
        var isEndless = arguments is [var first, ..] && first.Contains("Timeout.Infinite", StringComparison.Ordinal);
        var hasClock = arguments.Skip(1).Any(argument =>
            argument.Contains("time", StringComparison.OrdinalIgnoreCase) || argument.Contains("clock", StringComparison.OrdinalIgnoreCase));
        return !isEndless && !hasClock;
    }

    private static IEnumerable<Violation> SwitchedOff(RepositoryFile file) =>
        from attribute in file.Syntax.DescendantNodes().OfType<AttributeSyntax>()
        where IsTestAttribute(attribute)
        from argument in attribute.ArgumentList?.Arguments ?? []
        where argument.NameEquals?.Name.Identifier.ValueText is "Skip" or "Explicit"
        select new Violation(file.At(attribute), file.Path, "switches a test off: repair it or delete it; for what a machine may lack use SkippableFact with a reason.");

    private static IEnumerable<Violation> StopwatchJudges(RepositoryFile file) =>
        from call in file.Syntax.DescendantNodes().OfType<InvocationExpressionSyntax>()
        where call.Expression.ToString().StartsWith("Assert.", StringComparison.Ordinal)
        where file.Text.Contains("Stopwatch", StringComparison.Ordinal) && IsInTest(call)
        where call.ArgumentList.ToString().Contains("Elapsed", StringComparison.Ordinal)
        select new Violation(file.At(call), file.Path, "asserts on wall-clock time: machines differ. Assert on events, or measure in Grid.Benchmarks.");

    /// <summary>A wait for a condition, outside the tests, may guard against a hang by the clock.</summary>
    private static bool IsInTest(SyntaxNode node) =>
        node.FirstAncestorOrSelf<MethodDeclarationSyntax>() is { } method && method.AttributeLists.SelectMany(list => list.Attributes).Any(IsTestAttribute);

    private static IEnumerable<Violation> NoSentences(RepositoryFile file) =>
        from method in file.Syntax.DescendantNodes().OfType<MethodDeclarationSyntax>()
        let name = method.Identifier.ValueText
        where method.AttributeLists.SelectMany(list => list.Attributes).Any(IsTestAttribute) && !name.Contains('_', StringComparison.Ordinal)
        select new Violation(file.At(method), $"{file.Path}#{name}", $"{name} is no sentence: say what must hold, such as Suspected_node_is_declared_dead_after_the_timeout.");

    /// <summary>A misspelt lane is run with the pure ones.</summary>
    private static IEnumerable<Violation> UnknownLanes(RepositoryFile file) =>
        from attribute in file.Syntax.DescendantNodes().OfType<AttributeSyntax>()
        where attribute.Name.ToString() == "Trait"
        let arguments = attribute.ArgumentList?.Arguments.Select(argument => argument.ToString().Trim('"')).ToList()
        where arguments is ["Lane", var lane] && !Lanes.Contains(lane)
        select new Violation(file.At(attribute), file.Path, $"is in the lane {arguments[1]}, which tests/run does not know: use one of {string.Join(", ", Lanes)}.");

    private static IEnumerable<Violation> Unchecked(List<RepositoryFile> files)
    {
        var methods = files.SelectMany(file => file.Syntax.DescendantNodes().OfType<MethodDeclarationSyntax>(), (file, method) => (file, method)).ToList();
        var asserting = NamesThatAssert([.. methods.Select(pair => pair.method)]);
        return from pair in methods
               where pair.method.AttributeLists.SelectMany(list => list.Attributes).Any(IsTestAttribute)
               let name = pair.method.Identifier.ValueText
               where !asserting.Contains(name)
               select new Violation(pair.file.At(pair.method), $"{pair.file.Path}#{name}", $"{name} asserts nothing: it can fail only by accident. Say what must hold.");
    }

    /// <summary>Methods that name a check, and then, until nothing is added, those that call one of them.</summary>
    private static HashSet<string> NamesThatAssert(List<MethodDeclarationSyntax> methods)
    {
        var named = methods.Select(method => (Name: method.Identifier.ValueText, Calls: IdentifiersIn(method))).ToList();
        var asserting = new HashSet<string>(StringComparer.Ordinal);
        int before;
        do
        {
            before = asserting.Count;
            asserting.UnionWith(named.Where(method => method.Calls.Any(IsCheck) || method.Calls.Overlaps(asserting)).Select(method => method.Name));
        }
        while (asserting.Count > before);

        return asserting;
    }

    private static HashSet<string> IdentifiersIn(MethodDeclarationSyntax method) =>
        method.DescendantNodes().OfType<SimpleNameSyntax>().Select(name => name.Identifier.ValueText).ToHashSet(StringComparer.Ordinal);

    private static bool IsCheck(string identifier) => Checks.Any(check => identifier.StartsWith(check, StringComparison.Ordinal));

    private static bool IsTestAttribute(AttributeSyntax attribute)
    {
        var name = attribute.Name.ToString();
        return name.EndsWith("Fact", StringComparison.Ordinal) || name.EndsWith("Theory", StringComparison.Ordinal);
    }
}
