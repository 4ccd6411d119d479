using System.Collections.Concurrent;
using Grid.Checkpoint.FileSystem;
using Grid.Spi;

namespace Grid.Hosting.Tests.Checkpoint;

/// <summary>Checkpoints as jobs use them, on real nodes. The nodes share this process, so a job can signal its test through a static.</summary>
[Trait("Lane", "loopback")]
public sealed class JobCheckpointTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly ConcurrentDictionary<Guid, Meeting> Meetings = new();

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("grid-checkpoints-");

    [Fact]
    public async Task A_job_whose_node_is_killed_goes_on_from_its_checkpoint_on_another_node()
    {
        await using var local = await StartAsync();
        var meeting = Meet(out var id);
        var call = local.Client.CallAsync(async job =>
        {
            var first = await job.Checkpoints.LoadAsync("steps", 0);
            for (var step = first; step < 10; step++)
            {
                if (job.Attempt == 1 && step == 4)
                {
                    await Meetings[id].StopHereAsync(job);
                }

                await job.Checkpoints.SaveAsync("steps", step + 1);
            }

            return (job.Attempt, First: first);
        });

        await local.KillAsync(await meeting.Where.Task.WaitAsync(Patience));

        Assert.Equal((2, 4), await call.WaitAsync(Patience));
        meeting.GoOn.SetResult();
    }

    [Fact]
    public async Task An_attempt_that_was_given_up_for_lost_cannot_overwrite_what_its_successor_goes_on_from()
    {
        await using var local = await StartAsync();
        var meeting = Meet(out var id);
        var call = local.Client.CallAsync(job => SaveAndComeBackAsync(job, id));
        await local.KillAsync(await meeting.Where.Task.WaitAsync(Patience));
        Assert.Equal("by the first", await call.WaitAsync(Patience));

        meeting.GoOn.SetResult();

        Assert.False(await meeting.LateSave.Task.WaitAsync(Patience));
    }

    [Fact]
    public async Task Jobs_of_one_call_share_the_scope_of_their_task_and_calls_do_not()
    {
        await using var local = await LocalGrid.StartAsync(nodes: 2).WaitAsync(Patience);

        var handed = await local.Client.ExecuteAsync(new HandOver(), 42).WaitAsync(Patience);
        var elsewhere = await local.Client.CallAsync(job => job.Checkpoints.LoadAsync("handed", -1)).WaitAsync(Patience);

        Assert.Equal((42, -1), (handed, elsewhere));
    }

    [Fact]
    public async Task The_global_scope_is_everybodys_and_a_removed_value_is_gone()
    {
        await using var local = await LocalGrid.StartAsync(nodes: 2).WaitAsync(Patience);
        Assert.True(await local.Client.CallAsync(job => job.Checkpoints.SaveAsync("shared", new[] { 1, 2 }, CheckpointScope.Global)).WaitAsync(Patience));

        var loaded = await local.Client.CallAsync(job => job.Checkpoints.LoadAsync("shared", Array.Empty<int>(), CheckpointScope.Global)).WaitAsync(Patience);
        Assert.True(await local.Client.CallAsync(job => job.Checkpoints.RemoveAsync("shared", CheckpointScope.Global)).WaitAsync(Patience));
        var after = await local.Client.CallAsync(job => job.Checkpoints.LoadAsync("shared", Array.Empty<int>(), CheckpointScope.Global)).WaitAsync(Patience);

        Assert.Equal([1, 2], loaded);
        Assert.Empty(after);
    }

    [Fact]
    public async Task A_value_that_is_too_large_and_a_name_that_is_none_are_refused()
    {
        await using var local = await LocalGrid.StartAsync(nodes: 1).WaitAsync(Patience);

        var large = await Assert.ThrowsAsync<CheckpointException>(() => local.Client.CallAsync(job => job.Checkpoints.SaveAsync("large", new byte[17 << 20])).WaitAsync(Patience));
        await Assert.ThrowsAsync<ArgumentException>(() => local.Client.CallAsync(job => job.Checkpoints.SaveAsync("", 1)).WaitAsync(Patience));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => local.Client.CallAsync(job => job.Checkpoints.SaveAsync(new string('n', 257), 1)).WaitAsync(Patience));

        Assert.Contains("Grid:Checkpoint:ValueBytesMax", large.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private Task<LocalGrid> StartAsync()
    {
        ICheckpointSpi store = new FileSystemCheckpoints(new FileSystemCheckpointOptions { Path = _folder.FullName }, TimeProvider.System);
        return LocalGrid.StartAsync(new LocalGridOptions { Nodes = 2, Checkpoints = store }).WaitAsync(Patience);
    }

    /// <summary>The first attempt comes back after it was given up; the lanes of its node are gone, so it goes on elsewhere.</summary>
    private static async Task<string> SaveAndComeBackAsync(IJobContext job, Guid id)
    {
        var value = await job.Checkpoints.LoadAsync("value", "none");
        if (job.Attempt == 1)
        {
            await job.Checkpoints.SaveAsync("value", "by the first");
            await Meetings[id].StopHereAsync(job).ConfigureAwait(false);
            Meetings[id].LateSave.SetResult(await job.Checkpoints.SaveAsync("value", "by a ghost").ConfigureAwait(false));
        }

        return value;
    }

    private static Meeting Meet(out Guid id) => Meetings.GetOrAdd(id = Guid.NewGuid(), _ => new Meeting());

    /// <summary>One job saves a value, the other waits until it finds it.</summary>
    private sealed class HandOver : GridTask<int, int, int>
    {
        public override IEnumerable<GridJob<int>> Map(TopologyView nodes, int arg)
        {
            yield return new GridJob<int>(async job => await job.Checkpoints.SaveAsync("handed", arg) ? 0 : -1);
            yield return new GridJob<int>(async job =>
            {
                var found = -1;
                while (found < 0)
                {
                    job.CancellationToken.ThrowIfCancellationRequested();
                    found = await job.Checkpoints.LoadAsync("handed", -1);
                }

                return found;
            });
        }

        public override int Reduce(IReadOnlyList<JobResult<int>> results) => results.Max(result => result.Value);
    }

    private sealed class Meeting
    {
        public TaskCompletionSource<NodeInfo> Where { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource GoOn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource<bool> LateSave { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Tells the test where the job is, and waits for it: the job's token would end it with its node.</summary>
        public async Task StopHereAsync(IJobContext job)
        {
            Where.TrySetResult(job.Node);
            await GoOn.Task.WaitAsync(Patience).ConfigureAwait(false);
        }
    }
}
