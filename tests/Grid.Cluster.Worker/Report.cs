namespace Grid.Cluster.Worker;

/// <summary>Writes facts, one line each, from any thread.</summary>
internal sealed class Report(TextWriter output) : IDisposable
{
    private readonly Lock _gate = new();

    public void Say(string fact)
    {
        lock (_gate)
        {
            output.WriteLine(fact.ReplaceLineEndings(" "));
            output.Flush();
        }
    }

    public void Dispose() => output.Flush();
}
