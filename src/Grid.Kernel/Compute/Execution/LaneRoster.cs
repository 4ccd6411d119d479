using System.Diagnostics;

namespace Grid.Kernel.Compute.Execution;

/// <summary>The lanes of a scheduler: which rest, and whether there may be one more. Everything is called under the scheduler's lock.</summary>
internal sealed class LaneRoster(JobScheduler scheduler, ComputeOptions options)
{
    private readonly Stack<JobLane> _idle = new();
    private readonly List<JobLane> _lanes = [];

    /// <summary>Whether a lane rests or one may be added.</summary>
    public bool CanProvide => _idle.Count > 0 || _lanes.Count < scheduler.Slots + options.ExtraLanesMax;

    /// <summary>How many lanes do not rest; the one member that may be asked without the lock, and is then off by one at times.</summary>
    public int Busy => Math.Max(0, _lanes.Count - _idle.Count);

    /// <summary>All lanes at this moment.</summary>
    public JobLane[] ToArray() => [.. _lanes];

    /// <summary>How many lanes' threads wait for something while their jobs hold slots; those of computations say themselves when they wait.</summary>
    public int CountBlocked()
    {
        var blocked = 0;
        foreach (var lane in _lanes)
        {
            blocked += lane.Current is { SlotState: SlotState.Held, IsComputation: false } && lane.IsBlocked ? 1 : 0;
        }

        return blocked;
    }

    /// <summary>A lane has nothing to do and parks.</summary>
    public void Rest(JobLane lane) => _idle.Push(lane);

    /// <summary>Takes those that rest, to wake them so that they end.</summary>
    public JobLane[] TakeIdle()
    {
        JobLane[] idle = [.. _idle];
        _idle.Clear();
        return idle;
    }

    /// <summary>Provides a lane for work that can run.</summary>
    /// <param name="blockedHelpers">How many lanes are blocked other than in a job that has lent its slot.</param>
    /// <returns>A lane to wake; null when one was started, which needs no waking, or when every lane is busy.</returns>
    public JobLane? TakeIdleOrStart(int blockedHelpers)
    {
        if (_idle.TryPop(out var idle))
        {
            return idle;
        }

        if (_lanes.Count < scheduler.Slots || (IsShort(blockedHelpers) && CanProvide))
        {
            var lane = new JobLane(scheduler, _lanes.Count + 1, options.LaneSpins);
            _lanes.Add(lane);
            lane.Start();
        }

        return null;
    }

    /// <summary>Whether blocked lanes leave fewer than there are slots.</summary>
    private bool IsShort(int blockedHelpers)
    {
        var blocked = blockedHelpers;
        foreach (var lane in _lanes)
        {
            blocked += lane.Current is { SlotState: SlotState.LentWhileBlocked } ? 1 : 0;
        }

        Debug.Assert(blocked <= _lanes.Count);
        return _lanes.Count - blocked < scheduler.Slots;
    }
}
