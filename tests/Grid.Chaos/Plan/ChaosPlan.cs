using System.Collections.Immutable;

namespace Grid.Chaos.Plan;

/// <summary>
/// Decides what goes wrong and when: pure, the same for the same settings. Kinds are dealt from a shuffled bag, so even a short run has most of them. Half of the workers
/// are left alone at any moment, one server is down at a time, one worker is cut off at a time, and everything is made good before the end.
/// </summary>
internal static class ChaosPlan
{
    private const int AttemptsPerMoment = 16;
    private static readonly TimeSpan FirstAt = TimeSpan.FromSeconds(2);
    private static readonly FaultKind[] Cuts = [FaultKind.CutFromRegistry, FaultKind.CutFromPeers, FaultKind.CutOff];

    public static ImmutableArray<Fault> Create(PlanSettings settings)
    {
        var random = new Random(settings.Seed);
        var kinds = Enum.GetValues<FaultKind>().Where(kind => settings.HasNetwork || !Cuts.Contains(kind)).Where(kind => settings.Reserve > 0 || kind != FaultKind.Join).ToArray();
        var bag = new Queue<FaultKind>();
        var plan = ImmutableArray.CreateBuilder<Fault>();
        for (var at = FirstAt; at < settings.Length; at += Between(random, 0.5, 2.5))
        {
            if (bag.Count == 0)
            {
                random.Shuffle(kinds);
                Array.ForEach(kinds, bag.Enqueue);
            }

            if (TryPlace(settings, random, plan, bag.Peek(), at) is { } fault)
            {
                bag.Dequeue();
                plan.Add(fault);
            }
            else
            {
                bag.Enqueue(bag.Dequeue()); // It does not fit here; the next kind may.
            }
        }

        return plan.ToImmutable();
    }

    private static Fault? TryPlace(PlanSettings settings, Random random, ImmutableArray<Fault>.Builder plan, FaultKind kind, TimeSpan at)
    {
        for (var attempt = 0; attempt < AttemptsPerMoment; attempt++)
        {
            var worker = kind switch
            {
                FaultKind.LeaderLost => -1,
                FaultKind.Join => settings.Workers + random.Next(settings.Reserve),
                _ => random.Next(settings.Workers),
            };
            var fault = new Fault(plan.Count + 1, kind, worker, at, LengthOf(kind, settings, random));
            if (fault.End <= settings.Length && Fits(settings, plan, fault))
            {
                return fault;
            }
        }

        return null;
    }

    private static bool Fits(PlanSettings settings, ImmutableArray<Fault>.Builder plan, Fault fault)
    {
        // Times never fall, so what overlaps with the new one is what has not ended when it begins.
        var open = plan.Where(earlier => earlier.End + Rest(settings) > fault.At).ToArray();
        return open.All(earlier => earlier.Worker != fault.Worker)
            && (!Cuts.Contains(fault.Kind) || !open.Any(earlier => Cuts.Contains(earlier.Kind)))
            && (fault.Worker < 0 || fault.Worker >= settings.Workers || open.Count(earlier => earlier.Worker >= 0 && earlier.Worker < settings.Workers) < settings.DisturbedMax);
    }

    /// <summary>What a worker or a server has to itself after a fault, to come back.</summary>
    private static TimeSpan Rest(PlanSettings settings) => settings.SessionTimeout / 2;

    private static TimeSpan LengthOf(FaultKind kind, PlanSettings settings, Random random) => kind switch
    {
        FaultKind.Kill => Between(random, 0, 3),
        FaultKind.Leave => Between(random, 1, 3),
        FaultKind.Stall => settings.SessionTimeout * (0.1 + (0.3 * random.NextDouble())),
        FaultKind.Freeze => settings.SessionTimeout * (1.5 + random.NextDouble()),
        FaultKind.Join => Between(random, 5, 15),
        FaultKind.LeaderLost => Between(random, 1, 6),
        _ => settings.SessionTimeout * (0.5 + (2 * random.NextDouble())),
    };

    private static TimeSpan Between(Random random, double least, double most) => TimeSpan.FromSeconds(least + ((most - least) * random.NextDouble()));
}
