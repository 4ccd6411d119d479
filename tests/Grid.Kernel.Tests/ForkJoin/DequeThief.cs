namespace Grid.Kernel.Tests.ForkJoin;

/// <summary>A thief of a <see cref="DequeModel"/>: where it is, and what it has read.</summary>
internal sealed record DequeThief(int Tries)
{
    public int Left { get; private set; } = Tries;

    public ThiefStep Step { get; set; }

    public int Top { get; set; }

    public int Array { get; set; }

    public int Task { get; set; }

    public void End()
    {
        Left--;
        Step = ThiefStep.ReadTop;
        Top = Array = Task = 0;
    }
}
