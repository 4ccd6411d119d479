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

    private static string WaitFor(string file)
    {
        SpinWait.SpinUntil(() => File.Exists(file));
        return Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }
}
