using Grid.Kernel.Administration;
using Microsoft.Extensions.Configuration;

namespace Grid.Hosting;

/// <summary>A client for those who look after a cluster: it asks nodes what they have, cancels jobs that others submitted, and drains nodes.</summary>
public sealed class GridOperator : IAsyncDisposable
{
    private readonly ClientSession _session;

    private GridOperator(ClientSession session) => _session = session;

    /// <summary>The cluster as any client sees it.</summary>
    public IGrid Grid => _session.Runtime.Grid;

    /// <inheritdoc cref="GridClient.ConnectAsync(string, GridClientOptions, CancellationToken)"/>
    public static Task<GridOperator> ConnectAsync(string url, GridClientOptions options, CancellationToken ct = default) =>
        ConnectAsync(ClientSession.Configure(url, options), options, ct);

    /// <inheritdoc cref="GridClient.ConnectAsync(IConfiguration, GridClientOptions, CancellationToken)"/>
    public static async Task<GridOperator> ConnectAsync(IConfiguration configuration, GridClientOptions options, CancellationToken ct = default) =>
        new(await ClientSession.OpenAsync(configuration, options, ct).ConfigureAwait(false));

    /// <summary>Asks a member what it has.</summary>
    /// <param name="node">A member.</param>
    /// <param name="ct">Gives the question up.</param>
    /// <exception cref="AuthenticationException">The member did not accept the secret.</exception>
    /// <exception cref="CommunicationException">The member could not be reached, or its answer could not be read.</exception>
    public Task<NodeReport> ReportAsync(NodeInfo node, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(node);
        return _session.Runtime.Inquiry.ReportAsync(node, ct);
    }

    /// <summary>
    /// Cancels a job wherever it is. One that waits ends at once; one that runs has its token cancelled. When its code has ended, or after <c>Grid:Compute:CancelGrace</c>, its submitter gets
    /// <see cref="OperationCanceledException"/> and does not try elsewhere. A job that does not look at its token goes on, abandoned, in its slot.
    /// </summary>
    /// <param name="node">A member that has it, as <see cref="ReportAsync"/> tells.</param>
    /// <param name="job">The job.</param>
    /// <param name="ct">Gives the request up; it may have been carried out.</param>
    /// <returns>How many attempts of the job were on that member.</returns>
    /// <inheritdoc cref="ReportAsync"/>
    public Task<int> CancelAsync(NodeInfo node, JobId job, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(node);
        return _session.Runtime.Inquiry.CancelAsync(node, new CancelRequest(job, Grid.LocalNode.Name), ct);
    }

    /// <summary>Asks a member what it has seen: who joined, was suspected or removed and why, and what became of jobs that are followed.</summary>
    /// <param name="node">A member.</param>
    /// <param name="max">How many events are wanted at most, at least 1; the member keeps a few thousand.</param>
    /// <param name="ct">Gives the question up.</param>
    /// <returns>The latest events, the oldest of them first.</returns>
    /// <inheritdoc cref="ReportAsync" path="/exception"/>
    public Task<IReadOnlyList<NodeEvent>> EventsAsync(NodeInfo node, int max = int.MaxValue, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentOutOfRangeException.ThrowIfLessThan(max, 1);
        return _session.Runtime.Inquiry.EventsAsync(node, max, ct);
    }

    /// <summary>Asks a member what it knows of a job. One that has a link to the submitter asks it too.</summary>
    /// <param name="node">A member.</param>
    /// <param name="job">The job, as <see cref="JobId.ToString"/> writes it: <c>5f3a09c2-17</c>.</param>
    /// <param name="ct">Gives the question up.</param>
    /// <exception cref="ArgumentException"><paramref name="job"/> is not of that form.</exception>
    /// <inheritdoc cref="ReportAsync"/>
    public Task<JobExplanation> ExplainAsync(NodeInfo node, string job, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(job);
        return new ExplainRequest(job, MayAskSubmitter: true).TryParse(out _, out _)
            ? _session.Runtime.Inquiry.ExplainAsync(node, job, ct)
            : throw new ArgumentException($"'{job}' is not a job: expected 8 hexadecimal digits, a dash and a number, for example 5f3a09c2-17.", nameof(job));
    }

    /// <summary>
    /// Has a member take no new jobs: it becomes <see cref="NodeState.Draining"/> for all, finishes what runs, and hands what waits back to its submitters, which place it elsewhere if there is another node.
    /// Repeating it does nothing.
    /// </summary>
    /// <param name="node">A member.</param>
    /// <param name="ct">Gives the request up; it may have been carried out.</param>
    /// <returns>Why it does not; <see langword="null"/> when it does, and the registry knows.</returns>
    /// <inheritdoc cref="ReportAsync"/>
    public Task<string?> DrainAsync(NodeInfo node, CancellationToken ct = default) => AskAsync(node, DrainAction.Drain, ct);

    /// <summary>As <see cref="DrainAsync"/>; when its last job has ended, the member leaves the cluster, and the host that it runs in stops as on SIGTERM.</summary>
    /// <inheritdoc cref="DrainAsync"/>
    public Task<string?> DrainAndStopAsync(NodeInfo node, CancellationToken ct = default) => AskAsync(node, DrainAction.DrainAndStop, ct);

    /// <summary>Has a member that drains take jobs again, and forget that it was to stop.</summary>
    /// <inheritdoc cref="DrainAsync"/>
    public Task<string?> ResumeAsync(NodeInfo node, CancellationToken ct = default) => AskAsync(node, DrainAction.Resume, ct);

    private Task<string?> AskAsync(NodeInfo node, DrainAction action, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(node);
        return _session.Runtime.Inquiry.DrainAsync(node, new DrainRequest(action, Grid.LocalNode.Name), ct);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _session.DisposeAsync();
}
