using Grid.Architecture.Tests.Model;

namespace Grid.Architecture.Tests;

/// <summary>The accepted breaches: few, each with its reason. One that is no longer needed fails the tests, too.</summary>
internal static class ReviewedExceptions
{
    public static IReadOnlyList<ReviewedException> All { get; } =
    [
        new("NoBlocking", "src/Grid.Kernel/Compute/Submission/ParallelMap.cs#ThrowFirst", "The task has failed already: this throws its exception with its own stack and waits for nothing."),
        new("NoBlocking", "src/Grid.Abstractions/Compute/ForkJoin/ForkJoinTask.cs#WaitFor", "The task has ended: Block has waited for it, with the slot lent, which is what this method is for."),
        new("NoBlocking", "spi/Grid.Communication.Tcp/Tls/TlsChannel.cs#TryDecrypt", "The loop above has seen the read complete: this takes its result or error and waits for nothing."),
    ];
}
