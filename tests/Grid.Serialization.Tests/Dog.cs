namespace Grid.Serialization.Tests;

internal sealed class Dog(string name, int age) : Animal(name)
{
    private readonly int _name = age * 2;

    public int Doubled => _name;

    public int Age => age;
}
