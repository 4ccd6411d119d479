namespace Grid.Discovery.Gossip.Swim;

/// <summary>
/// Lifeguard's local health multiplier: a node that hears little should first doubt itself. 0 is healthy; probe interval and timeout are multiplied by the score plus one.
/// </summary>
internal sealed class LocalHealth(int most)
{
    public int Score { get; private set; }

    public void Add(int delta) => Score = Math.Clamp(Score + delta, 0, most);

    public TimeSpan Scale(TimeSpan time) => time * (Score + 1);
}
