using Grid.Failover;
using Grid.Spi;
using Microsoft.Extensions.Configuration;

namespace Grid.Hosting;

/// <summary>The failover providers that come with Grid.</summary>
internal static class FailoverProviders
{
    private static readonly TimeSpan BackOff = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan BackOffMax = TimeSpan.FromMilliseconds(3200);

    public static void Register(GridProviders providers)
    {
        providers.AddFailover("Always", (section, _) => CreateAlways(section));
        providers.AddFailover("Never", (section, _) => CreateNever(section));
        providers.AddFailover("ByExceptionType", (section, _) => CreateByExceptionType(section));
    }

    private static Always CreateAlways(IConfigurationSection section)
    {
        var reader = new SettingsReader(section);
        var (first, max) = ReadBackOff(reader);
        reader.ThrowIfProblems();
        return new Always(BuiltInProviders.NewSeed(), first, max);
    }

    private static Never CreateNever(IConfigurationSection section)
    {
        new SettingsReader(section).ThrowIfProblems();
        return new Never();
    }

    private static ByExceptionType CreateByExceptionType(IConfigurationSection section)
    {
        var reader = new SettingsReader(section);
        var (first, max) = ReadBackOff(reader);
        var retried = reader.ReadList("Retry");
        var given = reader.ReadList("Give");
        if (retried.Count == 0)
        {
            reader.AddProblem("Retry", "the list is empty, so no exception would be tried again. Accepted: full names of exception types, such as System.IO.IOException; or the provider Always.");
        }

        foreach (var (key, name) in given.Where(name => retried.Any(other => other.Value == name.Value)))
        {
            reader.AddProblem(key, $"{name} is listed under Retry, too. Leave it in one list.");
        }

        reader.ThrowIfProblems();
        return new ByExceptionType(BuiltInProviders.NewSeed(), retried.Select(name => name.Value), given.Select(name => name.Value), first, max);
    }

    private static (TimeSpan First, TimeSpan Max) ReadBackOff(SettingsReader reader)
    {
        var first = reader.ReadDuration("BackOff", BackOff, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1));
        return (first, reader.ReadDuration("BackOffMax", first > BackOffMax ? first : BackOffMax, first, TimeSpan.FromHours(1)));
    }
}
