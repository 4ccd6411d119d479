using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Grid.Cli.Jobs;

/// <summary>What a user of <c>grid run</c> would write.</summary>
public static class Sums
{
    private static readonly Action<ILogger, int, Exception?> Step = LoggerMessage.Define<int>(LogLevel.Information, new EventId(1), "step {Number}");

    public static int Add(int left, int right = 10) => left + right;

    public static string Describe(double number, bool flag, DateOnly day, Colour colour, int[] list) =>
        string.Create(CultureInfo.InvariantCulture, $"{number} {flag} {day:yyyy-MM-dd} {colour} {list.Sum()}");

    public static Task<Point> MirrorAsync(Point point) => Task.FromResult(new Point(point.Y, point.X));

    public static async Task Talk(IJobContext context, int steps)
    {
        for (var i = 1; i <= steps; i++)
        {
            Step(context.Logger, i, null);
            Console.WriteLine($"printed {i}");
            context.Progress.Report(new JobProgress(i / (double)steps, "talking"));
            await Task.Yield();
        }

        Console.Write("an unfinished line");
    }

    public static int Divide(int left, int right) => left / right;

    public static string Where(IJobContext context) => context.Node.Name;

    public static int Main(string[] args) => args.Length;

    public static async Task Endless(CancellationToken ct) => await Task.Delay(Timeout.Infinite, ct);
}
