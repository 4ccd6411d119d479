using Grid.Chaos.Plan;
using Microsoft.Extensions.Logging;

namespace Grid.Chaos.Site;

/// <summary>Carries out a plan: each fault at its time, and what makes it good at its end.</summary>
internal sealed class FaultInjector(ChaosSite site, WorkerFleet fleet, TimeProvider time, ILogger logger)
{
    private const int LeaderAttempts = 50;
    private static readonly TimeSpan LeaderPause = TimeSpan.FromMilliseconds(200);
    private Task _registry = Task.CompletedTask;
    private Task _network = Task.CompletedTask;
    private int _killedServer;

    public async Task RunAsync(IEnumerable<Fault> plan, CancellationToken ct)
    {
        var beganAt = time.GetTimestamp();
        foreach (var (at, fault, isEnd) in plan.SelectMany(Moments).OrderBy(moment => moment.At))
        {
            var left = at - time.GetElapsedTime(beganAt);
            await Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero, time, ct);
            if (isEnd)
            {
                MakeGood(fault);
                ChaosLog.FaultEnds(logger, fault.Number);
            }
            else
            {
                ChaosLog.FaultBegins(logger, fault.Number, fault.Kind, fault.Worker < 0 ? "the ensemble" : ChaosSite.WorkerName(fault.Worker), fault.Length);
                Begin(fault);
            }
        }

        await _registry;
        await _network;
        await fleet.SettleAsync();
    }

    private static IEnumerable<(TimeSpan At, Fault Fault, bool IsEnd)> Moments(Fault fault) => [(fault.At, fault, false), (fault.End, fault, true)];

    private void Begin(Fault fault)
    {
        switch (fault.Kind)
        {
            case FaultKind.Kill:
                fleet.Kill(fault.Worker);
                break;
            case FaultKind.Leave:
                fleet.Leave(fault.Worker);
                break;
            case FaultKind.Stall or FaultKind.Freeze:
                fleet.Signal(fault.Worker, "STOP");
                break;
            case FaultKind.Join:
                fleet.Start(fault.Worker);
                break;
            case FaultKind.LeaderLost:
                _registry = After(_registry, KillLeaderAsync);
                break;
            case FaultKind.CutFromRegistry or FaultKind.CutFromPeers or FaultKind.CutOff:
                _network = After(_network, () => site.CutAsync(fault.Worker, fault.Kind != FaultKind.CutFromPeers, fault.Kind != FaultKind.CutFromRegistry));
                break;
            default:
                throw new InvalidOperationException($"The fault {fault.Kind} is unknown.");
        }
    }

    private void MakeGood(Fault fault)
    {
        switch (fault.Kind)
        {
            case FaultKind.Kill or FaultKind.Leave:
                fleet.Start(fault.Worker);
                break;
            case FaultKind.Stall or FaultKind.Freeze:
                fleet.Signal(fault.Worker, "CONT");
                break;
            case FaultKind.Join:
                fleet.Leave(fault.Worker);
                break;
            case FaultKind.LeaderLost:
                _registry = After(_registry, () => site.Servers.ReviveAsync(_killedServer));
                break;
            case FaultKind.CutFromRegistry or FaultKind.CutFromPeers or FaultKind.CutOff:
                _network = After(_network, site.Network!.HealAsync);
                break;
            default:
                throw new InvalidOperationException($"The fault {fault.Kind} is unknown.");
        }
    }

    private static async Task After(Task before, Func<Task> action)
    {
        await before;
        await action();
    }

    private async Task KillLeaderAsync()
    {
        _killedServer = await FindLeaderAsync();
        await site.Servers.KillAsync(_killedServer);
    }

    /// <summary>There is none while the servers elect one.</summary>
    private async Task<int> FindLeaderAsync()
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await site.Servers.LeaderAsync();
            }
            catch (Exception exception) when (exception is InvalidOperationException or FormatException && attempt < LeaderAttempts)
            {
                await Task.Delay(LeaderPause, time);
            }
        }
    }
}
