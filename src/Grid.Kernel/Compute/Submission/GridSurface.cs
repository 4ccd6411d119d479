namespace Grid.Kernel.Compute.Submission;

/// <summary>
/// The grid as its user sees it: all nodes as a group, plus the topology. It is a group by inheritance because it is one to its
/// callers; forwarding twenty methods would say no more.
/// </summary>
internal sealed class GridSurface(
    JobSubmitter submitter, SubmitterScope scope, ITopology topology, Func<NodeInfo> localNode, Func<ValueTask> dispose)
    : NodeGroup(submitter, scope, NodeSelector.Any, JobOptions.Default), IGrid
{
    /// <inheritdoc/>
    public NodeInfo LocalNode => localNode();

    /// <inheritdoc/>
    public ITopology Topology => topology;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => dispose();
}
