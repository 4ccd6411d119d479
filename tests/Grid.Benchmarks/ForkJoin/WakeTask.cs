using System.Diagnostics;

namespace Grid.Benchmarks.ForkJoin;

/// <summary>
/// How long it takes from a fork until a worker that slept runs the task: each time the root computes for a while without forking, so that the others go to sleep, then forks one task and watches for its start.
/// </summary>
internal sealed class WakeTask(int rounds) : ForkJoinTask<double[]>
{
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(2);

    protected override double[] Compute()
    {
        var microseconds = new double[rounds];
        for (var round = 0; round < rounds; round++)
        {
            for (var rest = Stopwatch.StartNew(); rest.Elapsed < Rest;)
            {
                Thread.SpinWait(100);
            }

            var child = new Child();
            var start = Stopwatch.GetTimestamp();
            child.Fork();
            while (child.StartedAt == 0)
            {
                Thread.SpinWait(10);
            }

            microseconds[round] = Stopwatch.GetElapsedTime(start, child.StartedAt).TotalMicroseconds;
            child.Join();
        }

        Array.Sort(microseconds);
        return microseconds;
    }

    private sealed class Child : ForkJoinTask<int>
    {
        private long _startedAt;

        public long StartedAt => Volatile.Read(ref _startedAt);

        protected override int Compute()
        {
            Volatile.Write(ref _startedAt, Stopwatch.GetTimestamp());
            return 0;
        }
    }
}
