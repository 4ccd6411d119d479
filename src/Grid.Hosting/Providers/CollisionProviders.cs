using System.Collections.Immutable;
using System.Globalization;
using Grid.Collision;
using Microsoft.Extensions.Configuration;

namespace Grid.Hosting;

/// <summary>Makes the collision providers that come with Grid out of their sections.</summary>
internal static class CollisionProviders
{
    public static void Register(GridProviders providers)
    {
        providers.AddCollision("Fifo", (section, _) => CreateFifo(section));
        providers.AddCollision("Priority", (section, _) => CreatePriority(section));
        providers.AddCollision("FairShare", (section, _) => CreateFairShare(section));
    }

    private static Fifo CreateFifo(IConfigurationSection section)
    {
        new SettingsReader(section).ThrowIfProblems();
        return new Fifo();
    }

    private static Priority CreatePriority(IConfigurationSection section)
    {
        var reader = new SettingsReader(section);
        var options = new PriorityOptions { Step = reader.ReadDuration("Step", new PriorityOptions().Step, TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1)) };
        reader.ThrowIfProblems();
        return new Priority(options);
    }

    private static FairShare CreateFairShare(IConfigurationSection section)
    {
        var reader = new SettingsReader(section);
        var by = reader.ReadChoice("By", nameof(ShareKind.Tenant), Enum.GetNames<ShareKind>());
        var weights = ImmutableDictionary.CreateBuilder<string, int>(StringComparer.Ordinal);
        foreach (var (name, text) in reader.ReadPairs("Weights"))
        {
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var weight) && weight is >= 1 and <= FairShareOptions.WeightMax)
            {
                weights[name] = weight;
            }
            else
            {
                reader.AddProblem($"Weights:{name}", string.Create(CultureInfo.InvariantCulture, $"'{text}' is not accepted. Accepted: a whole number from 1 to {FairShareOptions.WeightMax}."));
            }
        }

        reader.ThrowIfProblems();
        return new FairShare(new FairShareOptions { By = Enum.Parse<ShareKind>(by), Weights = weights.ToImmutable() });
    }
}
