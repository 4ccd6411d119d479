using Grid.Testing;

namespace Grid.Kernel.Tests.Compute;

public sealed class RunningNewsTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly HostProbe _probe;

    public RunningNewsTests() => _probe = new HostProbe(slots: 1, time: _time);

    public void Dispose() => _probe.Dispose();

    [Fact]
    public async Task A_job_that_is_seen_running_twice_is_named_to_its_submitter_once_and_one_that_waits_is_not()
    {
        var gate = Gate.NewName();
        var running = _probe.Submit(() => Gate.Named(gate).ArriveAndBlock(), out var key);
        await Gate.Named(gate).WaitForArrivalsAsync();
        var waiting = _probe.Submit(static () => 1, out _);

        Look();
        Assert.Empty(_probe.Announced);
        Look();
        Look();
        Gate.Named(gate).Open();
        await running;
        await waiting;
        Look();

        Assert.Equal([key.Number], _probe.Announced);
    }

    [Fact]
    public async Task Looks_that_follow_each_other_too_fast_are_left_out()
    {
        var gate = Gate.NewName();
        var running = _probe.Submit(() => Gate.Named(gate).ArriveAndBlock(), out _);
        await Gate.Named(gate).WaitForArrivalsAsync();

        Look();
        for (var i = 0; i < 10; i++)
        {
            _probe.Host.OnTick();
        }

        Assert.Empty(_probe.Announced);
        Gate.Named(gate).Open();
        await running;
    }

    private void Look()
    {
        _time.Advance(TimeSpan.FromMilliseconds(250));
        _probe.Host.OnTick();
    }
}
