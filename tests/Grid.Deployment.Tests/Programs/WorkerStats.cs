using System.Globalization;

namespace Grid.Deployment.Tests.Programs;

/// <summary>What a worker process says of itself.</summary>
internal sealed record WorkerStats(long FilesFetched, long BytesFetched, int Live, int Uncollected, int Kept, long ManagedBytes, long WorkingSetBytes, int Assemblies)
{
    public static WorkerStats Parse(string line)
    {
        var numbers = line.Split(' ').Skip(1).Select(word => long.Parse(word, CultureInfo.InvariantCulture)).ToArray();
        return new WorkerStats(numbers[0], numbers[1], (int)numbers[2], (int)numbers[3], (int)numbers[4], numbers[5], numbers[6], (int)numbers[7]);
    }
}
