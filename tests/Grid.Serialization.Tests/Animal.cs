namespace Grid.Serialization.Tests;

internal class Animal
{
    private readonly string _name;

    public Animal(string name) => _name = name;

    public string Name => _name;

    public Animal? Friend { get; set; }
}
