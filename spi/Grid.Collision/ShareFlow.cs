using Grid.Collision.Lines;

namespace Grid.Collision;

/// <summary>What one tenant or pool has waiting, and its place in virtual time.</summary>
internal sealed class ShareFlow(string name, long cost)
{
    public string Name { get; } = name;

    public DemandLines Lines { get; } = new(static () => new ArrivalLine());

    /// <summary>How far virtual time goes on for one of its jobs: less for more weight.</summary>
    public long Cost { get; } = cost;

    /// <summary>How many of its jobs wait.</summary>
    public int Waiting { get; set; }

    /// <summary>Whether it stands in the order, with jobs or because nobody has looked since its last was withdrawn.</summary>
    public bool IsQueued { get; set; }

    /// <summary>The start tag of its next job.</summary>
    public long Start { get; set; }

    /// <summary>The finish tag of the job that it started last.</summary>
    public long Finish { get; set; }
}
