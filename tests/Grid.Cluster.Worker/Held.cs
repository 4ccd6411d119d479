namespace Grid.Cluster.Worker;

/// <summary>A job that a test ends by creating a file.</summary>
internal static class Held
{
    public static string Wait(string file)
    {
        File.WriteAllText(file + ".started", "");
        return WaitFor(file);
    }

    /// <summary>As <see cref="Wait"/>, leaving a trace of each execution: a file whose name says by which process.</summary>
    public static string WaitOneOfMany(string file)
    {
        File.WriteAllText($"{file}.{Environment.ProcessId}.{Guid.NewGuid():n}", "");
        return WaitFor(file);
    }

    /// <summary>Holds its slot and no thread until the file exists; tells the process and the attempt.</summary>
    public static async Task<string> WaitAsync(string file)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!File.Exists(file))
        {
            await timer.WaitForNextTickAsync();
        }

        return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Environment.ProcessId}:{JobContext.Current!.Attempt}");
    }

    /// <summary>Blocks its thread, and far more work than the thread pool has threads, until the file exists.</summary>
    public static int Stall(string file)
    {
        var opened = new ManualResetEventSlim();
        var watch = new Thread(() =>
        {
            WaitFor(file);
            opened.Set();
        })
        { IsBackground = true };
        watch.Start();
        for (var i = 0; i < 2000; i++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static state => state.Wait(), opened, preferLocal: false);
        }

        opened.Wait();
        return 0;
    }

    private static string WaitFor(string file)
    {
        SpinWait.SpinUntil(() => File.Exists(file));
        return Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }
}
