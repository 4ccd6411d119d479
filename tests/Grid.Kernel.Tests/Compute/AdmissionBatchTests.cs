using Grid.Kernel.Compute;
using Grid.Kernel.Compute.Execution;
using Grid.Kernel.Compute.Wire;
using Grid.Messaging;

namespace Grid.Kernel.Tests.Compute;

/// <summary>Jobs that one thread reads together, as link threads do: the batch stands for the read.</summary>
[Trait("Lane", "pure")]
public sealed class AdmissionBatchTests
{
    [Fact]
    public async Task Jobs_of_one_read_use_all_slots_at_once()
    {
        using var probe = new HostProbe(slots: 3);
        string[] gates = [Gate.NewName(), Gate.NewName(), Gate.NewName()];

        var replies = SubmitTogether(probe, gates.Select(gate => (Action)(() => Gate.Named(gate).ArriveAndBlock())));

        foreach (var gate in gates)
        {
            await Gate.Named(gate).WaitForArrivalsAsync();
        }

        Array.ForEach(gates, gate => Gate.Named(gate).Open());
        Assert.All(await Task.WhenAll(replies), reply => Assert.Equal(ReplyStatus.Returned, reply.Status));
    }

    [Fact]
    public async Task Jobs_of_one_read_are_refused_one_by_one()
    {
        using var probe = new HostProbe(slots: 1, new ComputeOptions { QueueMax = 1 });
        var gate = Gate.NewName();

        var replies = SubmitTogether(probe, Enumerable.Repeat((Action)(() => Gate.Named(gate).ArriveAndBlock()), 4));

        Assert.All(await Task.WhenAll(replies[2..]), reply => Assert.Equal(ReplyStatus.Rejected, reply.Status));
        Gate.Named(gate).Open();
        Assert.All(await Task.WhenAll(replies[..2]), reply => Assert.Equal(ReplyStatus.Returned, reply.Status));
    }

    [Fact]
    public async Task A_fenced_node_refuses_all_jobs_of_a_read()
    {
        using var probe = new HostProbe { IsFenced = true };

        var replies = SubmitTogether(probe, Enumerable.Repeat((Action)(() => { }), 40));

        Assert.All(await Task.WhenAll(replies), reply => Assert.Equal(ReplyStatus.Rejected, reply.Status));
    }

    [Fact]
    public async Task A_job_that_was_read_is_found_before_the_read_has_ended()
    {
        using var probe = new HostProbe(slots: 1);
        string gate = Gate.NewName(), ran = Gate.NewName();
        var running = probe.Submit(() => Gate.Named(gate).ArriveAndBlock());
        await Gate.Named(gate).WaitForArrivalsAsync();

        Task<(ReplyStatus Status, byte[] Body)> waiting;
        using (Messenger.OpenBatch())
        {
            waiting = probe.Submit(() => Gate.Named(ran).Arrive(), out var key);
            AdmissionBatch.Flush();
            probe.Host.Cancellation.Cancel(key);
        }

        Assert.Equal(ReplyStatus.Rejected, (await waiting).Status);
        Gate.Named(gate).Open();
        await running;
    }

    [Fact]
    public async Task Threads_that_read_at_once_lose_no_job_and_run_none_twice()
    {
        using var probe = new HostProbe(slots: 2, new ComputeOptions { QueueMax = 100_000 });

        var replies = await Task.WhenAll(Enumerable.Range(1, 4).Select(thread => Task.Run(() =>
            Enumerable.Range(0, 50).SelectMany(round => SubmitTogether(probe, Enumerable.Repeat((Action)(() => { }), (thread * 7 + round) % 70))).ToArray())));

        Assert.All(await Task.WhenAll(replies.SelectMany(reply => reply)), reply => Assert.Equal(ReplyStatus.Returned, reply.Status));
        await probe.Host.Scheduler.WhenEmptyAsync();
        Assert.Equal((0, 0), probe.Host.Scheduler.Load);
    }

    private static Task<(ReplyStatus Status, byte[] Body)>[] SubmitTogether(HostProbe probe, IEnumerable<Action> jobs)
    {
        using var batch = Messenger.OpenBatch();
        return [.. jobs.Select(probe.SubmitPlain)];
    }
}
