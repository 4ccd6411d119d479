namespace Grid.Kernel.Tests.ForkJoin;

/// <summary>A task whose work is a function, for computations that a test spells out.</summary>
internal sealed class Code<TResult>(Func<TResult> compute) : ForkJoinTask<TResult>
{
    public static Code<TResult> ForkNew(Func<TResult> compute)
    {
        var task = new Code<TResult>(compute);
        task.Fork();
        return task;
    }

    protected override TResult Compute() => compute();
}
