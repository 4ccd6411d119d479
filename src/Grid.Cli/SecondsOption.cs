using System.CommandLine;
using System.Globalization;

namespace Grid.Cli;

/// <summary>Makes options that take a number of seconds.</summary>
internal static class SecondsOption
{
    /// <param name="name">With its dashes.</param>
    /// <param name="least">The least that is accepted.</param>
    /// <param name="most">The most that is accepted.</param>
    /// <param name="description">For the help.</param>
    /// <param name="fallback">What holds when it is not given; null for nothing.</param>
    public static Option<double?> Make(string name, double least, double most, string description, double? fallback = null)
    {
        var option = new Option<double?>(name)
        {
            Description = description,
            HelpName = "seconds",
            CustomParser = result =>
            {
                if (double.TryParse(result.Tokens[0].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds >= least && seconds <= most)
                {
                    return seconds;
                }

                result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} must be {least} to {most} seconds."));
                return null;
            },
        };
        if (fallback is not null)
        {
            option.DefaultValueFactory = _ => fallback;
        }

        return option;
    }
}
