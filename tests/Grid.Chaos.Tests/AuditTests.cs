using Grid.Chaos.Record;

namespace Grid.Chaos.Tests;

/// <summary>What the run says is only as good as its audit: each thing that must not happen is shown to it.</summary>
public sealed class AuditTests
{
    private const string Task = "Call-c1-1";
    private const string Once = "Once-c1-2";

    private static readonly Entry[] Good = [Submitted(Task), Began(Task, 1), Committed(Task, 1), Delivered(Task, 1)];

    [Fact]
    public void A_task_that_is_submitted_executed_and_delivered_is_done()
    {
        var verdict = Audit.Judge(Good);

        Assert.True(verdict.IsGood);
        Assert.Equal((1, 1, 0, 0), (verdict.Done[TaskKind.Call], verdict.Attempts, verdict.Repeated, verdict.Refused));
    }

    [Fact]
    public void An_attempt_that_was_replaced_may_begin_and_commit_as_long_as_it_does_not_count()
    {
        var verdict = Audit.Judge([.. Good[..2], Began(Task, 2), Committed(Task, 2), Delivered(Task, 2), Committed(Task, 1)]);

        Assert.True(verdict.IsGood);
        Assert.Equal((2, 1, 1, 2), (verdict.Attempts, verdict.Repeated, verdict.Refused, verdict.AttemptsMost));
    }

    [Fact]
    public void A_task_without_a_result_is_lost()
    {
        Assert.Contains(Task, Assert.Single(Audit.Judge(Good[..3]).Lost), StringComparison.Ordinal);
        Assert.Contains("no node", Assert.Single(Audit.Judge([Submitted(Task), Failed(Task, "NoEligibleNodeException: no node")]).Lost), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_results_are_one_too_many() => Assert.Single(Audit.Judge([.. Good, Delivered(Task, 1)]).Twice);

    [Fact]
    public void An_attempt_that_begins_twice_is_found() => Assert.Single(Audit.Judge([.. Good, Began(Task, 1)]).Twice);

    [Fact]
    public void An_attempt_after_the_one_that_counted_is_found() => Assert.Single(Audit.Judge([.. Good, Began(Task, 2)]).Twice);

    [Fact]
    public void A_task_that_must_not_run_twice_is_found_when_it_does() =>
        Assert.Single(Audit.Judge([Submitted(Once), Began(Once, 1), Began(Once, 2), Committed(Once, 2), Delivered(Once, 2)]).Twice);

    [Theory]
    [InlineData("NodeLostException: gone", true)]
    [InlineData("JobRejectedException: gave it up", true)]
    [InlineData("InvalidOperationException: what?", false)]
    public void A_task_that_must_not_run_twice_may_be_given_up_with_its_node(string failure, bool isAgreed)
    {
        var verdict = Audit.Judge([.. Good, Submitted(Once), Began(Once, 1), Failed(Once, failure)]);

        Assert.Equal((isAgreed ? 1 : 0, isAgreed ? 0 : 1), (verdict.GivenUp, verdict.Lost.Length));
    }

    [Fact]
    public void A_task_that_must_not_run_twice_is_lost_when_a_node_gives_it_up_that_never_began_it()
    {
        Assert.Single(Audit.Judge([Submitted(Once), Failed(Once, "JobRejectedException: gave it up")]).Lost);
        Assert.Empty(Audit.Judge([Submitted(Once), Failed(Once, "NodeLostException: gone before it could say whether it began")]).Lost);
    }

    [Fact]
    public void The_longest_wait_of_a_kind_is_told()
    {
        var verdict = Audit.Judge([.. Good.Select((entry, number) => entry with { At = TimeSpan.FromSeconds(100 + (number * number)) })]);

        Assert.Equal(TimeSpan.FromSeconds(9), verdict.Slowest[TaskKind.Call]);
    }

    [Fact]
    public void A_wrong_result_is_found() => Assert.Single(Audit.Judge([.. Good[..3], new Entry(EntryKind.DeliveredWrong, Task, 1, "c1")]).Wrong);

    [Fact]
    public void A_result_that_no_execution_committed_is_found() => Assert.Single(Audit.Judge([Submitted(Task), Began(Task, 1), Delivered(Task, 1)]).Wrong);

    [Fact]
    public void A_record_of_nothing_is_not_good() => Assert.False(Audit.Judge([]).IsGood);

    [Fact]
    public void An_entry_survives_its_line_and_a_line_that_is_cut_off_is_none()
    {
        var entry = Failed(Task, "X: a | b") with { At = TimeSpan.FromMilliseconds(1234) };
        var line = entry.ToLine().TrimEnd('\n');

        Assert.Equal(entry, Entry.Parse(line));
        Assert.Null(Entry.Parse(line[..12]));
    }

    private static Entry Submitted(string task) => new(EntryKind.Submitted, task, 0, "c1");

    private static Entry Began(string task, int attempt) => new(EntryKind.Began, task, attempt, "w1");

    private static Entry Committed(string task, int attempt) => new(EntryKind.Committed, task, attempt, "w1");

    private static Entry Delivered(string task, int attempt) => new(EntryKind.Delivered, task, attempt, "c1");

    private static Entry Failed(string task, string why) => new(EntryKind.Failed, task, 0, why);
}
