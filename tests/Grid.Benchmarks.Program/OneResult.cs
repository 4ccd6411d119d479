using Grid.Hosting;

namespace Grid.Benchmarks.Program;

/// <summary>Apart from the empty program, so that starting that loads nothing of Grid.</summary>
internal static class OneResult
{
    /// <summary>Connects, has one closure run and prints its result.</summary>
    public static int Print(string url) => PrintAsync(url).GetAwaiter().GetResult();

    private static async Task<int> PrintAsync(string url)
    {
        await using var grid = await GridClient.ConnectAsync(url).ConfigureAwait(false);
        var factor = 6;
        Console.WriteLine(await grid.CallAsync(() => factor * 7).ConfigureAwait(false));
        return 0;
    }
}
