using Grid.Kernel.Compute.Wire;
using Grid.Testing;
using Microsoft.Extensions.Logging;

namespace Grid.Kernel.Tests.Compute;

[Trait("Lane", "pure")]
public sealed class CallerLogTests
{
    private static readonly Action<ILogger, int, Exception?> Line = LoggerMessage.Define<int>(LogLevel.Information, new EventId(1), "line {Number}");
    private static readonly Action<ILogger, Exception?> Detail = LoggerMessage.Define(LogLevel.Debug, new EventId(2), "detail");

    [Fact]
    public async Task A_job_that_logs_too_fast_loses_lines_and_the_caller_is_told_how_many()
    {
        var time = new ManualTimeProvider();
        using var probe = new HostProbe(time: time);
        var gate = Gate.NewName();
        var job = probe.SubmitLogging(
            (Func<IJobContext, Task>)(context =>
            {
                WriteLines(context.Logger, 1500);
                Gate.Named(gate).ArriveAndBlock();
                WriteLines(context.Logger, 1);
                return Task.CompletedTask;
            }),
            LogLevel.Information);

        await Gate.Named(gate).WaitForArrivalsAsync();
        Assert.Equal(1000, probe.Lines.Count);
        time.Advance(TimeSpan.FromSeconds(1));
        Gate.Named(gate).Open();
        Assert.Equal(ReplyStatus.Returned, (await job).Status);

        Assert.Equal(1002, probe.Lines.Count);
        Assert.Equal(new JobLogLine(LogLevel.Warning, "500 lines of this job were not sent: it logged more than 1000 in a second."), probe.Lines.ToArray()[1000]);
        Assert.Equal("line 0", probe.Lines.ToArray()[1001].Text);
    }

    [Fact]
    public async Task Lines_below_the_wanted_level_stay_on_the_node()
    {
        using var probe = new HostProbe();

        await probe.SubmitLogging(
            (Func<IJobContext, Task>)(context =>
            {
                Detail(context.Logger, null);
                Line(context.Logger, 7, null);
                return Task.CompletedTask;
            }),
            LogLevel.Information);

        Assert.Equal([new JobLogLine(LogLevel.Information, "line 7")], probe.Lines);
    }

    [Fact]
    public async Task A_job_whose_lines_nobody_wants_sends_none()
    {
        using var probe = new HostProbe();

        await probe.Submit((Func<IJobContext, Task>)(context =>
        {
            WriteLines(context.Logger, 3);
            return Task.CompletedTask;
        }));

        Assert.Empty(probe.Lines);
    }

    private static void WriteLines(ILogger logger, int count)
    {
        for (var i = 0; i < count; i++)
        {
            Line(logger, i, null);
        }
    }
}
