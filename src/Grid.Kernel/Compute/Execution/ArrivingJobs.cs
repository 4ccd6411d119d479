using System.Collections.Concurrent;
using System.Globalization;
using Grid.Kernel.Deployment;
using Grid.Kernel.Deployment.Loading;
using Grid.Kernel.Deployment.Origin;
using Grid.Serialization;

namespace Grid.Kernel.Compute.Execution;

/// <summary>Jobs whose code is not here yet. They hold no slot and no thread; with their code they are admitted as any other.</summary>
internal sealed class ArrivingJobs(JobHost host, DeploymentService deployment, int max)
{
    // Whoever takes a job out of the table decides what becomes of it.
    private readonly ConcurrentDictionary<JobKey, Arrival> _waiting = new();

    /// <summary>The jobs that wait for their code.</summary>
    public IEnumerable<JobRun> Runs => _waiting.Values.Select(arrival => arrival.Run);

    /// <summary>Lets a job into its code, or takes charge of it until the code is here.</summary>
    /// <returns>Whether the job can be admitted now.</returns>
    public bool TryEnter(JobRun run)
    {
        if (deployment.TryLease(run.Request.Code, out var code))
        {
            run.Enter(code);
            return true;
        }

        var arrival = new Arrival(run);
        if (_waiting.Count >= max)
        {
            host.Reject(run, string.Create(CultureInfo.InvariantCulture, $"{max} jobs are waiting for their code already (Grid:Compute:QueueMax)"));
        }
        else if (!_waiting.TryAdd(run.Key, arrival))
        {
            host.Reject(run, "this attempt of the job is here already");
        }
        else
        {
            arrival.Waiting = WaitAsync(run);
        }

        return false;
    }

    /// <summary>Gives up a job that waits for its code.</summary>
    /// <returns>False when it does not.</returns>
    public bool TryCancel(JobKey key)
    {
        if (!_waiting.TryRemove(key, out var arrival))
        {
            return false;
        }

        arrival.Run.Cancel();
        host.EndCancelled(arrival.Run);
        return true;
    }

    /// <summary>Hands all back to their submitters.</summary>
    public void HandBackAll(string reason)
    {
        foreach (var key in _waiting.Keys)
        {
            if (_waiting.TryRemove(key, out var arrival))
            {
                host.Reject(arrival.Run, reason);
            }
        }
    }

    private Task WaitAsync(JobRun run)
    {
        ModuleList modules;
        try
        {
            modules = ModuleList.Of(GridSerializer.ReadModules(run.Request.Delegate), GridSerializer.ReadModules(run.Request.Argument));
        }
        catch (GridException exception)
        {
            Fail(run, exception);
            return Task.CompletedTask;
        }

        return deployment.LeaseAsync(run.Request.Code, modules, code => Enter(run, code), exception => Fail(run, exception));
    }

    private void Enter(JobRun run, CodeContext code)
    {
        if (_waiting.TryRemove(run.Key, out _))
        {
            run.Enter(code);
            host.Admit(run);
        }
        else
        {
            code.Release();
        }
    }

    private void Fail(JobRun run, Exception exception)
    {
        if (!_waiting.TryRemove(run.Key, out _))
        {
            return;
        }

        if (exception is GridException { IsTransient: true })
        {
            host.Reject(run, exception.Message);
        }
        else
        {
            host.EndUnreadable(run, exception.Message);
        }
    }

    private sealed class Arrival(JobRun run)
    {
        public JobRun Run { get; } = run;

        /// <summary>The wait, kept so that it is not collected or forgotten.</summary>
        public Task Waiting { get; set; } = Task.CompletedTask;
    }
}
