using Grid.Spi;
using Xunit;

namespace Grid.Testing;

/// <summary>
/// A node as a collision provider sees it: slots, resources, jobs that come, start, end and are withdrawn. It does what the contract says that a node does, and fails the test when the provider decides what it must not.
/// </summary>
/// <param name="provider">The provider.</param>
/// <param name="slots">How many jobs run at once.</param>
/// <param name="resources">What the node has.</param>
public sealed class CollisionSimulation(ICollisionSpi provider, int slots, ResourceAmounts resources) : IAdmissionRoom
{
    private readonly HashSet<SimulatedJob> _waiting = [];
    private readonly List<SimulatedJob> _active = [];
    private readonly List<SimulatedJob> _started = [];
    private readonly List<(SimulatedJob Job, string Reason)> _refused = [];
    private readonly HashSet<string> _spokenFor = new(StringComparer.Ordinal);
    private long _numbers;

    /// <inheritdoc/>
    public int Slots => slots;

    /// <inheritdoc/>
    public int Active => _active.Count;

    /// <inheritdoc/>
    public int Waiting => _waiting.Count;

    /// <summary>The time on the node's clock; a test moves it.</summary>
    public TimeSpan Now { get; set; }

    /// <summary>The jobs that wait, in no order.</summary>
    public IReadOnlyCollection<SimulatedJob> WaitingJobs => _waiting;

    /// <summary>The jobs that run, in the order in which they started.</summary>
    public IReadOnlyList<SimulatedJob> ActiveJobs => _active;

    /// <summary>All jobs that ever started, in that order.</summary>
    public IReadOnlyList<SimulatedJob> Started => _started;

    /// <summary>The jobs that the provider refused, and why.</summary>
    public IReadOnlyList<(SimulatedJob Job, string Reason)> Refused => _refused;

    /// <inheritdoc/>
    public bool Fits(IWaitingJob job)
    {
        ArgumentNullException.ThrowIfNull(job);
        var fits = true;
        foreach (var (name, amount) in job.Resources)
        {
            fits &= !_spokenFor.Contains(name) && _active.Sum(active => active.Resources[name]) + amount <= resources[name];
        }

        if (!fits)
        {
            foreach (var (name, _) in job.Resources)
            {
                _spokenFor.Add(name);
            }
        }

        return fits;
    }

    /// <summary>A job comes; nothing is started yet.</summary>
    /// <param name="options">What its submitter says of it; what the node does not have at all must not be asked for.</param>
    public SimulatedJob Arrive(JobOptions options)
    {
        var job = new SimulatedJob(++_numbers, options, Now);
        Assert.True(job.Resources.Items.All(need => need.Value <= resources[need.Key]), $"{job} needs more than the node has: the node would refuse it, the provider never sees it.");
        _waiting.Add(job);
        provider.OnArrived(job);
        return job;
    }

    /// <summary>Starts what the provider wants started, until slots, jobs or its will run out.</summary>
    /// <returns>How many were started or refused.</returns>
    public int Pump()
    {
        var decided = 0;
        while (_active.Count < slots && _waiting.Count > 0)
        {
            _spokenFor.Clear();
            var decision = provider.Next(this);
            if (decision.Job is not SimulatedJob job)
            {
                return decided;
            }

            Assert.True(_waiting.Remove(job), $"The provider decided on {job}, which does not wait: {(job.IsWithdrawn ? "it was withdrawn" : "it was decided on before")}.");
            decided++;
            if (decision.Refusal is { } reason)
            {
                _refused.Add((job, reason));
                continue;
            }

            Start(job);
        }

        return decided;
    }

    /// <summary>A job that runs ends; nothing else is started yet.</summary>
    /// <param name="job">A job that runs.</param>
    public void End(SimulatedJob job)
    {
        Assert.True(_active.Remove(job), $"{job} does not run.");
        provider.OnEnded(job);
    }

    /// <summary>A job that waits is cancelled.</summary>
    /// <param name="job">A job that waits.</param>
    public void Withdraw(SimulatedJob job)
    {
        ArgumentNullException.ThrowIfNull(job);
        Assert.True(_waiting.Remove(job), $"{job} does not wait.");
        job.IsWithdrawn = true;
        provider.OnWithdrawn(job);
    }

    private void Start(SimulatedJob job)
    {
        foreach (var (name, amount) in job.Resources)
        {
            var used = _active.Sum(active => active.Resources[name]);
            Assert.True(used + amount <= resources[name], $"The provider activated {job} although {used} of {resources[name]} {name} are taken.");
        }

        _active.Add(job);
        _started.Add(job);
    }
}
