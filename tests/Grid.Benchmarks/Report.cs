using Spectre.Console;

namespace Grid.Benchmarks;

/// <summary>A table of figures, each with its ratio to a floor of the same run and the target, if there is one.</summary>
internal sealed class Report(string title)
{
    private readonly Table _table = new Table().Title(Markup.Escape(title)).Border(TableBorder.Simple)
        .AddColumns("figure", "value", "floor", "ratio", "target");

    private bool _isMissed;

    /// <summary>Adds a figure without a floor.</summary>
    public Report Add(string name, double value, string unit)
    {
        _table.AddRow(Markup.Escape(name), Text(value, unit), "", "", "");
        return this;
    }

    /// <summary>Adds a figure with its ratio to a floor; the target is a bound on the ratio.</summary>
    public Report Add(string name, Figure value, Figure floor, Target? target = null)
    {
        var ratio = value.Value / floor.Value;
        var isMissed = target is { } bound && (bound.IsAtMost ? ratio > bound.Ratio : ratio < bound.Ratio);
        _isMissed |= isMissed;
        _table.AddRow(
            Markup.Escape(name),
            Text(value.Value, value.Unit),
            Text(floor.Value, floor.Unit),
            $"{ratio:0.00}",
            target is { } shown ? $"{(shown.IsAtMost ? "<=" : ">=")} {shown.Ratio:0.00} {(isMissed ? "[red]missed[/]" : "[green]met[/]")}" : "");
        return this;
    }

    /// <summary>Prints the table.</summary>
    /// <returns>The exit code: 1 when a target was missed.</returns>
    public int Print()
    {
        AnsiConsole.Write(_table);
        return _isMissed ? 1 : 0;
    }

    private static string Text(double value, string unit) => value >= 100 ? $"{value:N0} {unit}" : $"{value:0.0} {unit}";

    internal readonly record struct Figure(double Value, string Unit);

    internal readonly record struct Target(double Ratio, bool IsAtMost);
}
