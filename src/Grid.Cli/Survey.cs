using Grid.Hosting;

namespace Grid.Cli;

/// <summary>Every member of a cluster with its report, or with the reason why it gave none.</summary>
internal static class Survey
{
    private const int AtOnceMax = 32;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static async Task<IReadOnlyList<SurveyedNode>> TakeAsync(GridOperator cluster, CancellationToken ct)
    {
        using var room = new SemaphoreSlim(AtOnceMax);
        return await Task.WhenAll(cluster.Grid.Topology.Current.Nodes.Select(node => AskAsync(cluster, node, room, ct)));
    }

    private static async Task<SurveyedNode> AskAsync(GridOperator cluster, NodeInfo node, SemaphoreSlim room, CancellationToken ct)
    {
        await room.WaitAsync(ct);
        var started = TimeProvider.System.GetTimestamp();
        using var limit = new CancellationTokenSource(Patience);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        try
        {
            var report = await cluster.ReportAsync(node, either.Token);
            return new SurveyedNode(node, report, null, TimeProvider.System.GetElapsedTime(started));
        }
        catch (GridException exception)
        {
            return new SurveyedNode(node, null, exception, TimeProvider.System.GetElapsedTime(started));
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            var error = new CommunicationException($"{node} did not answer within {Patience.TotalSeconds:0} s. It is overloaded, or it cannot be reached at {string.Join(", ", node.Endpoints)}.");
            return new SurveyedNode(node, null, error, TimeProvider.System.GetElapsedTime(started));
        }
        finally
        {
            room.Release();
        }
    }
}
