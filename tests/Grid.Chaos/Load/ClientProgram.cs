using Grid.Hosting;

namespace Grid.Chaos.Load;

/// <summary>
/// A client in a process of its own, as the run starts it. Says <c>connected</c> when it works and <c>finished</c> when nothing is open any more. Finishes at the line
/// <c>finish</c>; the end of its input means that the run is no more, and ends it at once.
/// </summary>
internal static class ClientProgram
{
    public const string Finish = "finish";
    public const string Connected = "connected";
    public const string Finished = "finished";

    public static async Task<int> RunAsync(string url, string name, int seed, string folder)
    {
        await using var grid = await GridClient.ConnectAsync(url);
        using var finishing = new CancellationTokenSource();
        var working = new ChaosClient(grid, name, seed, folder).RunAsync(finishing.Token);
        await Console.Out.WriteLineAsync(Connected);
        while (await Console.In.ReadLineAsync() is { } line)
        {
            if (line == Finish)
            {
                await finishing.CancelAsync();
                await working;
                await Console.Out.WriteLineAsync(Finished);
                return 0;
            }
        }

        Environment.Exit(1); // Nobody is there to be told what came of the work, and some of it may never end.
        return 1;
    }
}
