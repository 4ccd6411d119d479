namespace Grid.Kernel.Compute.Submission;

/// <summary>
/// The grid as its user sees it: all nodes as a group, plus the topology and the metrics. It is a group by inheritance because it is one to its
/// callers; forwarding twenty methods would say no more.
/// </summary>
internal sealed class GridSurface(
    JobSubmitter submitter, SubmitterScope scope, GridViews views, Func<ValueTask> dispose)
    : NodeGroup(submitter, scope, NodeSelector.Any, JobOptions.Default), IGrid
{
    /// <inheritdoc/>
    public NodeInfo LocalNode => views.LocalNode();

    /// <inheritdoc/>
    public ITopology Topology => views.Topology;

    /// <inheritdoc/>
    public IMetricsView Metrics => views.Metrics;

    /// <inheritdoc/>
    public IHealthView Health => views.Health;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => dispose();
}
