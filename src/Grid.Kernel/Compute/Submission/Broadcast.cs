namespace Grid.Kernel.Compute.Submission;

/// <summary>Runs a job once on each of a group's nodes.</summary>
internal sealed class Broadcast<TResult>(JobSubmitter submitter, JobSpec spec, Func<TResult> job)
{
    public async Task<IReadOnlyList<NodeResult<TResult>>> RunAsync(CancellationToken ct)
    {
        var nodes = spec.Nodes.Matching.ToArray().Select(target => target.Node).ToArray();
        var results = await Task.WhenAll(nodes.Select(node => RunOnAsync(node, ct))).ConfigureAwait(false);
        ct.ThrowIfCancellationRequested();
        return results;
    }

    private async Task<NodeResult<TResult>> RunOnAsync(NodeInfo node, CancellationToken ct)
    {
        var there = spec with
        {
            Nodes = new EligibleNodes(submitter.Directory, NodeSelector.ById(node.Id)),
            Options = spec.Options with { MaxAttempts = 1 },
        };
        try
        {
            return new NodeResult<TResult>(node, await submitter.RunAsync(there, submitter.Prepare<TResult>(there, job), ct).ConfigureAwait(false));
        }
        catch (NotShippableException)
        {
            // The same on every node, and nothing was sent: it is the call that failed.
            throw;
        }
        catch (Exception exception)
        {
            return new NodeResult<TResult>(node, exception);
        }
    }
}
