using Grid.Hosting;

namespace Grid.Cli;

/// <summary>Asks every member of a cluster, some at once, each for a few seconds at most.</summary>
internal static class Survey
{
    private const int AtOnceMax = 32;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Every member with its report, or with the reason why it gave none.</summary>
    public static async Task<IReadOnlyList<SurveyedNode>> TakeAsync(GridOperator cluster, CancellationToken ct) =>
        [.. (await AskAllAsync(cluster, cluster.ReportAsync, ct)).Select(asked => new SurveyedNode(asked.Node, asked.Answer, asked.Error, asked.Elapsed, asked.EndedAt))];

    /// <summary>Asks every member something.</summary>
    public static async Task<IReadOnlyList<Asked<TAnswer>>> AskAllAsync<TAnswer>(GridOperator cluster, Func<NodeInfo, CancellationToken, Task<TAnswer>> ask, CancellationToken ct)
        where TAnswer : class
    {
        using var room = new SemaphoreSlim(AtOnceMax);
        return await Task.WhenAll(cluster.Grid.Topology.Current.Nodes.Select(node => AskAsync(node, ask, room, ct)));
    }

    private static async Task<Asked<TAnswer>> AskAsync<TAnswer>(NodeInfo node, Func<NodeInfo, CancellationToken, Task<TAnswer>> ask, SemaphoreSlim room, CancellationToken ct)
        where TAnswer : class
    {
        await room.WaitAsync(ct);
        var started = TimeProvider.System.GetTimestamp();
        using var limit = new CancellationTokenSource(Patience);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        try
        {
            var answer = await ask(node, either.Token);
            return new Asked<TAnswer>(node, answer, null, TimeProvider.System.GetElapsedTime(started), TimeProvider.System.GetUtcNow());
        }
        catch (GridException exception)
        {
            return new Asked<TAnswer>(node, null, exception, TimeProvider.System.GetElapsedTime(started), TimeProvider.System.GetUtcNow());
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            var error = new CommunicationException($"{node} did not answer within {Patience.TotalSeconds:0} s. It is overloaded, or it cannot be reached at {string.Join(", ", node.Endpoints)}.");
            return new Asked<TAnswer>(node, null, error, TimeProvider.System.GetElapsedTime(started), TimeProvider.System.GetUtcNow());
        }
        finally
        {
            room.Release();
        }
    }
}
