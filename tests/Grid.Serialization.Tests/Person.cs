namespace Grid.Serialization.Tests;

internal sealed record Person(string Name, int Age, double Weight, bool Active, long Id, DateTime Born);
