using System.Text.RegularExpressions;
using Grid.Architecture.Tests.Model;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Grid.Architecture.Tests.Rules;

/// <summary>Instruments are named <c>grid.area.noun</c>, state their unit, and stand in a class named XMetrics.</summary>
internal sealed partial class MetricNames : IRule
{
    public string Name => nameof(MetricNames);

    public IEnumerable<Violation> Check(Repository repository) =>
        from file in repository.CSharp
        where file.IsShipped
        from call in file.Syntax.DescendantNodes().OfType<InvocationExpressionSyntax>()
        where call.Expression is MemberAccessExpressionSyntax { Name: GenericNameSyntax name } && Factory().IsMatch(name.Identifier.ValueText)
        from problem in Problems(call)
        select new Violation(file.At(call), $"{file.Path}#{call.ArgumentList.Arguments.FirstOrDefault()}", problem);

    private static IEnumerable<string> Problems(InvocationExpressionSyntax call)
    {
        var arguments = call.ArgumentList.Arguments;
        var name = (arguments.FirstOrDefault()?.Expression as LiteralExpressionSyntax)?.Token.ValueText;
        if (name is null || !InstrumentName().IsMatch(name))
        {
            yield return $"the instrument {arguments.FirstOrDefault()} is not named grid.<area>.<noun>, in lower case and as a literal.";
        }

        if (!arguments.Any(argument => argument.NameColon?.Name.Identifier.ValueText == "unit" || argument.Expression.ToString().StartsWith("\"{", StringComparison.Ordinal)))
        {
            yield return $"the instrument {name} has no unit: pass unit: \"s\", \"By\" or \"{{job}}\".";
        }

        if (call.FirstAncestorOrSelf<TypeDeclarationSyntax>()?.Identifier.ValueText.EndsWith("Metrics", StringComparison.Ordinal) != true)
        {
            yield return $"the instrument {name} is made outside a class whose name ends in Metrics: move it there.";
        }
    }

    [GeneratedRegex("^Create(Observable)?(Counter|UpDownCounter|Gauge|Histogram)$")]
    private static partial Regex Factory();

    [GeneratedRegex(@"^grid\.[a-z]+(\.[a-z_]+)+$")]
    private static partial Regex InstrumentName();
}
