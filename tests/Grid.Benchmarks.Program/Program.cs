namespace Grid.Benchmarks.Program;

/// <summary>
/// Without arguments an empty program: the floor of suite <c>startup</c>. With the URL of a cluster a client that asks for one result.
/// </summary>
internal static class Program
{
    public static int Main(string[] args) => args is [var url] ? OneResult.Print(url) : 0;
}
