namespace Grid.Serialization.Tests;

internal static class Extensions
{
    public static string Mirrored(this string text) => new([.. text.Reverse()]);
}
