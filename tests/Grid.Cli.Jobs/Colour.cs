namespace Grid.Cli.Jobs;

/// <summary>An argument of a type of the user's own.</summary>
public enum Colour
{
    Red,
    Green,
}
