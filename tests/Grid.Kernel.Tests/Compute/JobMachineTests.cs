using Grid.Kernel.Compute.Submission;

namespace Grid.Kernel.Tests.Compute;

[Trait("Lane", "pure")]
public sealed class JobMachineTests
{
    private static readonly AttemptFailure Lost = new("the link broke", IsRejection: false, MayHaveRun: true);
    private static readonly AttemptFailure NotSent = new("no link could be made", IsRejection: false, MayHaveRun: false);
    private static readonly AttemptFailure Refused = new("the queue is full", IsRejection: true, MayHaveRun: false);

    [Fact]
    public void An_answered_attempt_delivers_its_outcome_once()
    {
        var machine = Sent(new JobOptions());

        Assert.Equal(JobEffect.Deliver, machine.OnOutcome(1));
        Assert.Equal(JobEffect.None, machine.OnOutcome(1));
        Assert.Equal(JobPhase.Ended, machine.Phase);
    }

    [Fact]
    public void The_outcome_of_a_replaced_attempt_is_refused()
    {
        var machine = Sent(new JobOptions());
        Assert.Equal(JobEffect.Place, machine.OnAttemptFailed(1, Lost, TimeSpan.Zero));
        machine.OnPlaced(Nodes.Make(2));

        Assert.Equal(JobEffect.None, machine.OnOutcome(1));
        Assert.Equal(JobEffect.Deliver, machine.OnOutcome(2));
    }

    [Fact]
    public void A_failure_of_a_replaced_attempt_changes_nothing()
    {
        var machine = Sent(new JobOptions());
        machine.OnAttemptFailed(1, Lost, TimeSpan.Zero);
        machine.OnPlaced(Nodes.Make(2));

        Assert.Equal(JobEffect.None, machine.OnAttemptFailed(1, Lost, TimeSpan.Zero));
        Assert.Equal(JobPhase.Sent, machine.Phase);
        Assert.Single(machine.History);
    }

    [Fact]
    public void A_lost_job_is_placed_again_until_no_attempt_is_left_and_then_shows_its_history()
    {
        var machine = new JobMachine(new JobOptions { MaxAttempts = 3 });
        var effects = new List<JobEffect>();
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            machine.OnPlaced(Nodes.Make(attempt));
            effects.Add(machine.OnAttemptFailed(attempt, Lost, TimeSpan.FromMilliseconds(attempt)));
        }

        Assert.Equal([JobEffect.Place, JobEffect.Place, JobEffect.FailLost], effects);
        Assert.Equal([(1, "n1"), (2, "n2"), (3, "n3")], machine.History.Select(attempt => (attempt.Number, attempt.Node.Name)));
    }

    [Fact]
    public void A_job_that_is_taken_back_uses_up_no_attempt_and_its_former_attempt_is_refused()
    {
        var machine = Sent(new JobOptions { MaxAttempts = 2 });
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            Assert.True(machine.CanMove);
            Assert.Equal(JobEffect.Place, machine.OnAttemptFailed(attempt, Lost with { IsMove = true, MayHaveRun = false }, TimeSpan.Zero));
            machine.OnPlaced(Nodes.Make(attempt + 1));
        }

        Assert.Equal(JobEffect.None, machine.OnOutcome(3));
        Assert.Equal(JobEffect.Place, machine.OnAttemptFailed(4, Lost, TimeSpan.Zero));
        machine.OnPlaced(Nodes.Make(1));
        Assert.Equal(JobEffect.FailLost, machine.OnAttemptFailed(5, Lost, TimeSpan.Zero));
    }

    [Fact]
    public void A_job_is_taken_back_a_bounded_number_of_times()
    {
        var machine = Sent(new JobOptions());
        var moves = 0;
        while (machine.CanMove)
        {
            machine.OnAttemptFailed(machine.Attempt, Lost with { IsMove = true }, TimeSpan.Zero);
            machine.OnPlaced(Nodes.Make(1));
            moves++;
        }

        Assert.Equal(8, moves);
    }

    [Fact]
    public void A_job_that_must_not_run_twice_or_has_one_attempt_is_never_taken_back()
    {
        Assert.False(Sent(new JobOptions { IsIdempotent = false }).CanMove);
        Assert.False(Sent(new JobOptions { MaxAttempts = 1 }).CanMove);
        Assert.False(Sent(new JobOptions { MaxAttempts = 100 }).CanMove);
        Assert.False(new JobMachine(new JobOptions()).CanMove);
    }

    [Fact]
    public void A_job_for_nodes_that_do_not_answer_waits_and_ends_as_unplaceable()
    {
        var machine = new JobMachine(new JobOptions());

        Assert.Equal(JobEffect.WaitForNode, machine.OnNoNode(isWorthWaiting: true));
        Assert.Equal(JobEffect.Place, machine.OnPauseEnded());
        Assert.Equal(JobEffect.WaitForNode, machine.OnNoNode(isWorthWaiting: true));
        Assert.Equal(JobEffect.FailUnplaceable, machine.OnPlacementTimeout());
    }

    [Fact]
    public void A_job_that_every_node_refuses_ends_as_refused()
    {
        var machine = Sent(new JobOptions { MaxAttempts = 1 });

        Assert.Equal(JobEffect.FailRejected, machine.OnAttemptFailed(1, Refused, TimeSpan.Zero));
    }

    [Fact]
    public void A_job_that_must_not_run_twice_is_not_sent_again_when_it_may_have_started()
    {
        var machine = Sent(new JobOptions { IsIdempotent = false });

        Assert.Equal(JobEffect.FailLost, machine.OnAttemptFailed(1, Lost, TimeSpan.Zero));
    }

    [Fact]
    public void A_job_that_must_not_run_twice_is_sent_again_when_it_never_left()
    {
        var machine = Sent(new JobOptions { IsIdempotent = false });

        Assert.Equal(JobEffect.Place, machine.OnAttemptFailed(1, NotSent, TimeSpan.Zero));
    }

    [Fact]
    public void A_new_job_without_an_eligible_node_fails_at_once()
    {
        var machine = new JobMachine(new JobOptions());

        Assert.Equal(JobEffect.FailUnplaceable, machine.OnNoNode());
        Assert.Equal(JobPhase.Ended, machine.Phase);
    }

    [Fact]
    public void A_job_that_ran_before_waits_for_a_node_and_is_placed_when_one_comes()
    {
        var machine = Sent(new JobOptions());
        machine.OnAttemptFailed(1, Lost, TimeSpan.Zero);

        Assert.Equal(JobEffect.WaitForNode, machine.OnNoNode());
        Assert.Equal(JobEffect.Place, machine.OnPauseEnded());
        Assert.True(machine.OnPlaced(Nodes.Make(9)));
        Assert.Equal(2, machine.Attempt);
    }

    [Fact]
    public void A_job_that_waits_too_long_for_a_node_fails_as_lost()
    {
        var machine = Sent(new JobOptions());
        machine.OnAttemptFailed(1, Lost, TimeSpan.Zero);
        machine.OnNoNode();

        Assert.Equal(JobEffect.FailLost, machine.OnPlacementTimeout());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_job_given_up_in_any_phase_takes_no_further_event(int phase)
    {
        var machine = phase == 0 ? new JobMachine(new JobOptions()) : Sent(new JobOptions());
        if (phase == 2)
        {
            machine.OnAttemptFailed(1, Lost, TimeSpan.Zero);
            machine.OnNoNode();
        }

        Assert.True(machine.OnGivenUp());
        Assert.False(machine.OnGivenUp());
        Assert.False(machine.OnPlaced(Nodes.Make(5)));
        Assert.Equal(JobEffect.None, machine.OnOutcome(machine.Attempt));
        Assert.Equal(JobEffect.None, machine.OnAttemptFailed(machine.Attempt, Lost, TimeSpan.Zero));
        Assert.Equal(JobEffect.None, machine.OnPauseEnded());
        Assert.Equal(JobEffect.None, machine.OnPlacementTimeout());
        Assert.Equal(JobEffect.None, machine.OnNoNode());
    }

    [Fact]
    public void Random_histories_end_in_exactly_one_outcome()
    {
        for (var seed = 0; seed < 5000; seed++)
        {
            var (ends, attempts) = RunRandomHistory(new Random(seed));

            Assert.True(ends == 1, $"seed {seed}: the job ended {ends} times");
            Assert.True(attempts <= 4, $"seed {seed}: {attempts} attempts");
        }
    }

    private static (int Ends, int Attempts) RunRandomHistory(Random random)
    {
        var machine = new JobMachine(new JobOptions { MaxAttempts = 4, IsIdempotent = random.Next(4) > 0 });
        var ends = 0;
        for (var step = 0; step < 200; step++)
        {
            var attempt = Math.Max(1, machine.Attempt - random.Next(2));
            var effect = random.Next(7) switch
            {
                0 or 1 when machine.Phase == JobPhase.Placing => Place(ref machine, random),
                2 => machine.OnOutcome(attempt),
                3 => machine.OnAttemptFailed(attempt, random.Next(2) == 0 ? Lost : Refused, TimeSpan.Zero),
                4 when machine.Phase == JobPhase.Placing && machine.Attempt > 0 => machine.OnNoNode(),
                5 => machine.OnPauseEnded(),
                6 when step > 150 => machine.OnGivenUp() ? JobEffect.Deliver : JobEffect.None,
                _ => JobEffect.None,
            };
            ends += effect is JobEffect.Deliver or JobEffect.FailLost or JobEffect.FailRejected or JobEffect.FailUnplaceable ? 1 : 0;
        }

        ends += machine.OnGivenUp() ? 1 : 0;
        return (ends, machine.Attempt);
    }

    private static JobEffect Place(ref JobMachine machine, Random random)
    {
        machine.OnPlaced(Nodes.Make(random.Next(1, 4)));
        return JobEffect.None;
    }

    private static JobMachine Sent(JobOptions options)
    {
        var machine = new JobMachine(options);
        machine.OnPlaced(Nodes.Make(1));
        return machine;
    }
}
