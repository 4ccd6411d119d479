namespace Grid.Kernel.Tests.ForkJoin;

/// <summary>All orders of steps of small programs on the deque's algorithm, store buffer included.</summary>
[Trait("Lane", "pure")]
public sealed class WorkDequeModelTests
{
    private const int OperationsMax = 5;
    private static readonly int[][] Thieves = [[1], [2], [1, 1]];

    /// <summary>Every sequence of pushes and pops of that length that begins with a push, and never has more than four tasks.</summary>
    private static IEnumerable<string> Programs =>
        from length in Enumerable.Range(1, OperationsMax)
        from bits in Enumerable.Range(0, 1 << (length - 1))
        let program = "+" + string.Concat(Enumerable.Range(0, length - 1).Select(at => (bits >> at & 1) == 0 ? '+' : '-'))
        where Enumerable.Range(1, length).All(end => program[..end].Count(op => op == '+') - program[..end].Count(op => op == '-') <= 4)
        select program;

    [Fact]
    public void No_order_of_steps_loses_or_doubles_a_task()
    {
        var states = 0L;
        foreach (var program in Programs)
        {
            foreach (var thieves in Thieves)
            {
                var model = new DequeModel(program, thieves, DequeFlaw.None);
                Assert.Null(model.FindFault());
                states += model.States;
            }
        }

        Assert.True(states > 100_000, $"only {states} states: the search did not search");
    }

    [Theory]
    [InlineData(DequeFlaw.NoFence)]
    [InlineData(DequeFlaw.NoCompareForLast)]
    [InlineData(DequeFlaw.ReadsSlotLate)]
    public void The_search_finds_a_deque_that_is_wrong(DequeFlaw flaw)
    {
        var faults = Programs.SelectMany(program => Thieves.Select(thieves => new DequeModel(program, thieves, flaw).FindFault()));

        Assert.Contains(faults, fault => fault is not null);
    }
}
