namespace Grid.Serialization.Tests;

internal sealed class TreeNode
{
    public int Value;
    public TreeNode? Parent;
    public List<TreeNode> Children = [];
}

internal class Animal
{
    private readonly string _name;

    public Animal(string name) => _name = name;

    public string Name => _name;

    public Animal? Friend { get; set; }
}

internal sealed class Dog(string name, int age) : Animal(name)
{
    private readonly int _name = age * 2;

    public int Doubled => _name;

    public int Age => age;
}

internal sealed record Person(string Name, int Age, double Weight, bool Active, long Id, DateTime Born);

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

internal sealed class Holder<T>
{
    public T? First;
    public T? Second;
    [NonSerialized]
    public T? Skipped;
}

[System.Runtime.CompilerServices.InlineArray(3)]
internal struct Three
{
    private string? _element;
}
