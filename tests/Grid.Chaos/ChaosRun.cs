using System.Collections.Immutable;
using Grid.Chaos.Plan;
using Grid.Chaos.Record;
using Grid.Chaos.Site;
using Grid.Testing.Namespaces;
using Microsoft.Extensions.Logging;

namespace Grid.Chaos;

/// <summary>One run: build the site, let the clients work, carry out the plan, let the clients finish, judge the record.</summary>
internal sealed class ChaosRun(ChaosOptions options, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan ConnectMax = TimeSpan.FromMinutes(1);

    public async Task<ChaosReport> RunAsync(CancellationToken ct)
    {
        await using var site = await ChaosSite.CreateAsync(options);
        var plan = ChaosPlan.Create(options.ToPlanSettings(site.Network is not null));
        var noNetwork = site.Network is null ? NetworkSite.Absence() ?? "not wanted" : null;
        ChaosLog.Begin(logger, options.Seed, plan.Length, options.Length, options.Workers, options.Clients, site.Folder);
        if (noNetwork is not null)
        {
            ChaosLog.NoNetwork(logger, noNetwork);
        }

        var surprises = await DisturbAsync(site, plan, ct);
        var report = new ChaosReport(options, plan, Audit.Judge(RecordFile.ReadAll(site.RecordFolder)), surprises, noNetwork);
        if (report.IsGood)
        {
            Directory.Delete(site.Folder, recursive: true);
        }

        return report;
    }

    private async Task<ImmutableArray<string>> DisturbAsync(ChaosSite site, ImmutableArray<Fault> plan, CancellationToken ct)
    {
        await using var fleet = new WorkerFleet(site, logger);
        foreach (var worker in Enumerable.Range(0, options.Workers))
        {
            fleet.Start(worker);
        }

        await fleet.SettleAsync();
        ClientProcess[] clients = [.. Enumerable.Range(1, options.Clients).Select(number => ClientProcess.Start(site, $"c{number}", options.Seed + number))];
        try
        {
            await ConnectAsync(clients, ct);
            await new FaultInjector(site, fleet, time, logger).RunAsync(plan, ct);
            ChaosLog.Drain(logger);
            var ends = await FinishAsync(clients, ct);
            fleet.LeaveAll();
            await fleet.SettleAsync();
            return [.. fleet.Surprises, .. ends.OfType<string>()];
        }
        finally
        {
            foreach (var client in clients)
            {
                await client.DisposeAsync();
            }
        }
    }

    private static async Task ConnectAsync(ClientProcess[] clients, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(ConnectMax);
        await Task.WhenAll(clients.Select(client => client.ConnectedAsync(limit.Token)));
    }

    private async Task<string?[]> FinishAsync(ClientProcess[] clients, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(options.DrainMax);
        return await Task.WhenAll(clients.Select(client => client.FinishAsync(limit.Token)));
    }
}
