namespace Grid.Serialization.Tests;

[System.Runtime.CompilerServices.InlineArray(3)]
internal struct Three
{
    private string? _element;
}
