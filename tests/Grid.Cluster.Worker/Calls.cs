using System.Globalization;

namespace Grid.Cluster.Worker;

/// <summary>The jobs that a test asks for.</summary>
internal sealed class Calls(IGrid grid, Report report)
{
    private const int RefusalsMax = 10_000;

    private CancellationTokenSource _calling = new();
    private Task _loop = Task.CompletedTask;
    private Task _hold = Task.CompletedTask;
    private Task _share = Task.CompletedTask;
    private readonly List<Task> _others = [];
    private int _succeeded;
    private int _failed;

    public async Task ObeyAsync(string[] words)
    {
        switch (words)
        {
            case ["call", "on"]:
                _calling = new CancellationTokenSource();
                _loop = CallAsync(grid, _calling.Token);
                break;
            case ["call", "on", var names]:
                _calling = new CancellationTokenSource();
                _loop = CallAsync(grid.Where(NodeSelector.ByName(names.Split(','))), _calling.Token);
                break;
            case ["share", var count, var names, var file]:
                _share = ShareAsync(int.Parse(count, CultureInfo.InvariantCulture), names.Split(','), file);
                break;
            case ["pile", var count, var names, var file]:
                _others.Add(PileAsync(int.Parse(count, CultureInfo.InvariantCulture), names.Split(','), file));
                break;
            case ["follow", var name, var file]:
                _others.Add(FollowAsync(name, file));
                break;
            case ["waiting", var name]:
                report.Say($"waiting {name} {grid.Metrics.All.Where(reading => reading.Node.Name == name).Sum(reading => reading.Metrics?.JobsWaiting ?? 0)}");
                break;
            case ["stall", var name, var file]:
                _others.Add(StallAsync(name, file));
                break;
            case ["call", "off"]:
                await EndAsync();
                break;
            case ["calls"]:
                report.Say(string.Create(CultureInfo.InvariantCulture, $"calls {_succeeded} {_failed}"));
                break;
            case ["hold", var name, var file]:
                _hold = HoldAsync(name, file);
                break;
            default:
                report.Say($"what? {string.Join(' ', words)}");
                break;
        }
    }

    public async Task EndAsync()
    {
        await _calling.CancelAsync();
        await _loop;
        _calling.Dispose();
    }

    private async Task CallAsync(INodeGroup nodes, CancellationToken ct)
    {
        await Task.Yield();
        for (var i = 0; !ct.IsCancellationRequested; i++)
        {
            try
            {
                var result = await nodes.CallAsync(number => number * 2, i, CancellationToken.None);
                _succeeded += result == i * 2 ? 1 : 0;
                _failed += result == i * 2 ? 0 : 1;
            }
            catch (Exception exception)
            {
                _failed++;
                report.Say($"failed {exception.GetType().Name}: {exception.Message}");
            }
        }
    }

    private async Task ShareAsync(int count, string[] names, string file)
    {
        try
        {
            var nodes = grid.Where(NodeSelector.ByName(names));
            var results = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => nodes.CallAsync(path => Held.WaitOneOfMany(path), file)));
            report.Say($"shared {results.Length} {string.Join(',', results.Distinct())}");
        }
        catch (Exception exception)
        {
            report.Say($"unshared {exception.GetType().Name}: {exception.Message}");
        }
    }

    private async Task PileAsync(int count, string[] names, string file)
    {
        try
        {
            var nodes = grid.Where(NodeSelector.ByName(names));
            var results = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => nodes.CallAsync(path => Held.WaitAsync(path), file)));
            report.Say($"piled {results.Length} {string.Join(',', results.Distinct().Order(StringComparer.Ordinal))}");
        }
        catch (Exception exception)
        {
            report.Say($"unpiled {exception.GetType().Name}: {exception.Message}");
        }
    }

    private async Task FollowAsync(string name, string file)
    {
        try
        {
            var handle = await grid.Where(NodeSelector.ByName(name)).SubmitAsync(async context =>
            {
                context.Progress.Report(new JobProgress(0, "running"));
                return await Held.WaitAsync(file);
            });
            await foreach (var _ in handle.ProgressAsync())
            {
                report.Say($"follows {handle.Node?.Name}");
                break;
            }

            report.Say($"followed {await handle.Completion}");
        }
        catch (Exception exception)
        {
            report.Say($"unfollowed {exception.GetType().Name}: {exception.Message}");
        }
    }

    private async Task StallAsync(string name, string file)
    {
        var nodes = grid.Where(NodeSelector.ByName(name));
        var slots = nodes.Nodes.Sum(node => node.Slots);
        await Task.WhenAll(Enumerable.Range(0, slots).Select(_ => nodes.CallAsync(path => Held.Stall(path), file)));
        report.Say($"stalled {slots}");
    }

    private async Task HoldAsync(string name, string file)
    {
        try
        {
            var result = await CallOnceAsync(name, file);
            report.Say($"held {result}");
        }
        catch (Exception exception)
        {
            report.Say($"refused {exception.GetType().Name}: {exception.Message}");
        }
    }

    /// <summary>One execution at most. A node that others see again already may not know it yet and refuse the job, which then has not run.</summary>
    private async Task<string> CallOnceAsync(string name, string file)
    {
        for (var refusals = 0; ; refusals++)
        {
            try
            {
                return await grid.Where(NodeSelector.ByName(name)).With(new JobOptions { MaxAttempts = 1 }).CallAsync(path => Held.Wait(path), file);
            }
            catch (JobRejectedException refusal) when (refusals < RefusalsMax && refusal.Message.Contains("the node has lost its membership", StringComparison.Ordinal))
            {
                await Task.Yield();
            }
        }
    }
}
