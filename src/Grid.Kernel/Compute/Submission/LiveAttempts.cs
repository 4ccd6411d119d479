using System.Runtime.CompilerServices;

namespace Grid.Kernel.Compute.Submission;

/// <summary>The attempts of one job that nodes have not answered: one, or two of a job that was doubled. The second costs memory only then. Its owner's lock guards it.</summary>
internal struct LiveAttempts
{
    private AttemptOnNode _first;
    private StrongBox<AttemptOnNode>? _second;

    /// <summary>The number of the attempt whose answers come to the job itself; 0 for none.</summary>
    public readonly int First => _first.Number;

    /// <summary>The attempt whose answers come to the job itself; without a target for none.</summary>
    public readonly AttemptOnNode Leading => _first;

    public void Add(in AttemptOnNode attempt)
    {
        if (_first.Number == 0)
        {
            _first = attempt;
        }
        else
        {
            _second = new StrongBox<AttemptOnNode>(attempt);
        }
    }

    /// <summary>The attempt is on its way under that request.</summary>
    public void OnSent(int attempt, long requestId)
    {
        if (_first.Number == attempt)
        {
            _first = _first with { RequestId = requestId };
        }
        else if (_second is not null && _second.Value.Number == attempt)
        {
            _second.Value = _second.Value with { RequestId = requestId };
        }
    }

    public readonly AttemptOnNode Find(int attempt) =>
        _first.Number == attempt ? _first : _second is not null && _second.Value.Number == attempt ? _second.Value : default;

    /// <summary>Removes an attempt; without a target when it is not there.</summary>
    public AttemptOnNode Take(int attempt)
    {
        var found = Find(attempt);
        if (found.Target is null)
        {
            return default;
        }

        if (_first.Number == attempt)
        {
            _first = default;
        }
        else
        {
            _second = null;
        }

        return found;
    }

    /// <summary>Removes all.</summary>
    public (AttemptOnNode First, AttemptOnNode Second) TakeAll()
    {
        var all = (_first, _second?.Value ?? default);
        (_first, _second) = (default, null);
        return all;
    }

    /// <summary>What is left after one was taken.</summary>
    public readonly AttemptOnNode Other => _first.Number != 0 ? _first : _second?.Value ?? default;
}
