using System.Globalization;
using System.Text;

namespace Grid.Cli.Output;

/// <summary>Texts for people at a terminal of 80 columns.</summary>
internal static class Words
{
    public const int Columns = 80;

    /// <summary>Breaks lines between words; a line that follows is indented as far as the one that it belongs to.</summary>
    public static string Wrap(string text) => string.Join(Environment.NewLine, text.Split('\n').Select(line => WrapLine(line.TrimEnd('\r'))));

    /// <summary>Cuts a text that is too long, with a mark that it was.</summary>
    public static string Cut(string text, int chars)
    {
        // Names come from other people: what controls a terminal is not printed.
        var plain = text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? '·' : c)) : text;
        return plain.Length <= chars ? plain : plain[..(chars - 1)] + "…";
    }

    /// <summary>A duration in its two greatest units.</summary>
    public static string Duration(TimeSpan span) => span switch
    {
        { TotalMinutes: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.0} s"),
        { TotalHours: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalMinutes}m {span.Seconds:00}s"),
        { TotalDays: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalHours}h {span.Minutes:00}m"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalDays}d {span.Hours:00}h"),
    };

    /// <summary>How a job stands, as listings say it.</summary>
    public static string Of(JobStatus status) => status.ToString().ToLowerInvariant();

    public static string Count(int count, string noun) => string.Create(CultureInfo.InvariantCulture, $"{count} {noun}{(count == 1 ? "" : "s")}");

    private static string WrapLine(string line)
    {
        var indent = new string(' ', line.Length - line.AsSpan().TrimStart(" -").Length);
        var wrapped = new StringBuilder();
        var column = 0;
        foreach (var word in line[indent.Length..].Split(' '))
        {
            if (column > 0 && column + 1 + word.Length > Columns)
            {
                wrapped.AppendLine().Append(indent);
                column = indent.Length;
            }
            else if (column > 0)
            {
                wrapped.Append(' ');
                column++;
            }
            else
            {
                wrapped.Append(line.AsSpan(0, indent.Length));
                column = indent.Length;
            }

            wrapped.Append(word);
            column += word.Length;
        }

        return wrapped.ToString();
    }
}
