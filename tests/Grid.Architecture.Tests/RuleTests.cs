using Grid.Architecture.Tests.Model;
using Grid.Architecture.Tests.Samples;

namespace Grid.Architecture.Tests;

/// <summary>The rules applied to this repository, and the rules themselves put to the test.</summary>
public sealed class RuleTests
{
    private static readonly Dictionary<string, IRule> Rules = typeof(IRule).Assembly.GetTypes()
        .Where(type => type.IsClass && type.IsAssignableTo(typeof(IRule)))
        .Select(type => (IRule)Activator.CreateInstance(type)!)
        .ToDictionary(rule => rule.Name, StringComparer.Ordinal);

    private static readonly Sample[] Samples = [.. ArrowSamples.All, .. ShapeSamples.All, .. ConductSamples.All];

    public static TheoryData<string> RuleNames => [.. Rules.Keys.Order(StringComparer.Ordinal)];

    public static TheoryData<string> SampleNames => [.. Samples.Select(sample => sample.ToString())];

    [Theory]
    [MemberData(nameof(RuleNames))]
    public void The_repository_keeps_the_rule(string rule)
    {
        var accepted = ReviewedExceptions.All.Where(exception => exception.Rule == rule).Select(exception => exception.Subject).ToHashSet(StringComparer.Ordinal);

        var violations = Rules[rule].Check(Repository.Current).Where(violation => !accepted.Contains(violation.Subject)).ToList();

        Assert.True(violations.Count == 0, $"{rule}: {violations.Count} to repair\n{string.Join('\n', violations.Select(violation => $"  {violation} [{violation.Subject}]"))}");
    }

    [Theory]
    [MemberData(nameof(SampleNames))]
    public void The_rule_judges_its_sample(string name)
    {
        var sample = Samples.Single(sample => sample.ToString() == name);

        var messages = Rules[sample.Rule].Check(sample.ToRepository()).Select(violation => violation.ToString()).ToList();

        if (sample.Message is null)
        {
            Assert.Empty(messages);
        }
        else
        {
            Assert.Contains(messages, message => message.Contains(sample.Message, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Every_rule_has_a_sample_that_breaks_it_and_one_that_keeps_it()
    {
        var broken = Samples.Where(sample => sample.Message is not null).Select(sample => sample.Rule);
        var kept = Samples.Where(sample => sample.Message is null).Select(sample => sample.Rule);

        Assert.Equal([], Rules.Keys.Except(broken).Concat(Rules.Keys.Except(kept)));
    }

    [Fact]
    public void Every_reviewed_exception_is_still_needed()
    {
        var unneeded = ReviewedExceptions.All.Where(exception => !Rules[exception.Rule].Check(Repository.Current).Any(violation => violation.Subject == exception.Subject));

        Assert.Equal([], unneeded);
    }

    [Fact]
    public void The_repository_is_read_whole()
    {
        Assert.Contains(Repository.Current.Projects, project => project.Id == "src/Grid.Abstractions");
        Assert.Contains(Repository.Current.CSharp, file => file.Path == "src/Grid.Abstractions/Compute/INodeGroup.cs");
        Assert.DoesNotContain(Repository.Current.Files, file => file.Path.Contains("/obj/", StringComparison.Ordinal));
    }
}
