namespace Grid.Cluster.Worker;

/// <summary>A job that a test ends by creating a file.</summary>
internal static class Held
{
    public static string Wait(string file)
    {
        File.WriteAllText(file + ".started", "");
        SpinWait.SpinUntil(() => File.Exists(file));
        return Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }
}
