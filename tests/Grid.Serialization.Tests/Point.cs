namespace Grid.Serialization.Tests;

internal struct Point
{
    public int X;
    private readonly int _y;

    public Point(int x, int y)
    {
        X = x;
        _y = y;
    }

    public readonly int Y => _y;

    public readonly int Sum() => X + _y;
}
