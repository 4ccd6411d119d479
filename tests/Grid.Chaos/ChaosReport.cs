using System.Collections.Immutable;
using System.Globalization;
using Grid.Chaos.Plan;
using Grid.Chaos.Record;

namespace Grid.Chaos;

/// <summary>What came of a run.</summary>
/// <param name="Options">What was asked for.</param>
/// <param name="Plan">The faults that were carried out.</param>
/// <param name="Verdict">What the record shows.</param>
/// <param name="Surprises">What went wrong beside it: processes that ended by themselves, clients that did not finish.</param>
/// <param name="NoNetwork">Why the network was not cut; <see langword="null"/> when it was.</param>
internal sealed record ChaosReport(ChaosOptions Options, ImmutableArray<Fault> Plan, Verdict Verdict, ImmutableArray<string> Surprises, string? NoNetwork)
{
    private const int NamedMax = 20;

    /// <summary>Whether nothing was lost, doubled or wrong, and nobody ended by himself.</summary>
    public bool IsGood => Verdict.IsGood && Surprises.IsEmpty;

    public void WriteTo(TextWriter writer)
    {
        var done = Verdict.Done.Values.Sum();
        Line(writer, "seed", $"{Options.Seed}");
        Line(writer, "length", $"{Options.Length:c}");
        Line(writer, "jobs done", $"{done} ({string.Join(", ", Verdict.Done.Select(pair => $"{pair.Key} {pair.Value}"))})");
        Line(writer, "slowest", $"{string.Join(", ", Verdict.Slowest.Select(pair => FormattableString.Invariant($"{pair.Key} {pair.Value.TotalSeconds:f1} s")))}");
        Line(writer, "attempts", $"{Verdict.Attempts}; {Verdict.Repeated} tasks took more than one, at most {Verdict.AttemptsMost}");
        Line(writer, "refused", $"{Verdict.Refused} results of attempts that had been replaced");
        Line(writer, "given up", $"{Verdict.GivenUp} tasks that must not run twice, with their nodes");
        Line(writer, "faults", $"{Plan.Length} ({string.Join(", ", Plan.CountBy(fault => fault.Kind).OrderBy(pair => pair.Key).Select(pair => $"{pair.Key} {pair.Value}"))})");
        if (NoNetwork is not null)
        {
            Line(writer, "partitions", $"skipped: {NoNetwork}");
        }

        Named(writer, "tasks lost", Verdict.Lost);
        Named(writer, "results twice", Verdict.Twice);
        Named(writer, "wrong results", Verdict.Wrong);
        Named(writer, "surprises", Surprises);
        writer.WriteLine(IsGood ? "all is well" : "FAILED");
    }

    private static void Named(TextWriter writer, string what, ImmutableArray<string> names)
    {
        Line(writer, what, $"{names.Length}");
        foreach (var name in names.Take(NamedMax))
        {
            writer.WriteLine($"    {name}");
        }
    }

    private static void Line(TextWriter writer, string what, FormattableString value) => writer.WriteLine($"{what,-15}{value.ToString(CultureInfo.InvariantCulture)}");
}
