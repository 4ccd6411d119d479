using System.Globalization;
using Grid.Spi;

namespace Grid.Kernel.Compute.Execution;

/// <summary>What a node has and what of it is taken. Everything but <see cref="WhyNever"/> is called under the scheduler's lock.</summary>
/// <param name="slots">How many jobs run at once.</param>
/// <param name="resources">What the node has.</param>
internal sealed class ResourceLedger(int slots, ResourceAmounts resources) : IAdmissionRoom
{
    private readonly Dictionary<string, long> _taken = new(StringComparer.Ordinal);

    // Resources of which a job that was asked about in this call waits for more.
    private readonly HashSet<string> _spokenFor = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public int Slots => slots;

    /// <inheritdoc/>
    public int Active { get; private set; }

    /// <inheritdoc/>
    public int Waiting { get; private set; }

    /// <summary>The provider is about to be asked.</summary>
    public void Open(int active, int waiting)
    {
        Active = active;
        Waiting = waiting;
        if (_spokenFor.Count > 0)
        {
            _spokenFor.Clear();
        }
    }

    /// <inheritdoc/>
    public bool Fits(IWaitingJob job)
    {
        ArgumentNullException.ThrowIfNull(job);
        var needed = job.Resources;
        if (needed.Count == 0)
        {
            return true;
        }

        var fits = IsFree(needed);
        foreach (var (name, _) in needed)
        {
            fits &= !_spokenFor.Contains(name);
        }

        if (!fits)
        {
            foreach (var (name, _) in needed)
            {
                _spokenFor.Add(name);
            }
        }

        return fits;
    }

    /// <summary>Whether that much is free at this moment, whoever waits for it.</summary>
    public bool IsFree(ResourceAmounts needed)
    {
        foreach (var (name, amount) in needed)
        {
            if (_taken.GetValueOrDefault(name) + amount > resources[name])
            {
                return false;
            }
        }

        return true;
    }

    public void Take(ResourceAmounts needed)
    {
        foreach (var (name, amount) in needed)
        {
            _taken[name] = _taken.GetValueOrDefault(name) + amount;
        }
    }

    public void Return(ResourceAmounts needed)
    {
        foreach (var (name, amount) in needed)
        {
            _taken[name] -= amount;
        }
    }

    /// <summary>Why a job can never run here, or null when it can.</summary>
    public string? WhyNever(ResourceAmounts needed)
    {
        foreach (var (name, amount) in needed)
        {
            if (resources[name] < amount)
            {
                return string.Create(CultureInfo.InvariantCulture, $"the job needs {amount} {name}, and the node has {resources[name]} (Grid:Node:Resources:{name})");
            }
        }

        return null;
    }
}
