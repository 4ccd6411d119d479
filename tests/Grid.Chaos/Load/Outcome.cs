namespace Grid.Chaos.Load;

/// <summary>What a job returns.</summary>
/// <param name="Task">The order's task.</param>
/// <param name="Attempt">The attempt that computed it.</param>
/// <param name="Primes">The answer.</param>
internal sealed record Outcome(string Task, int Attempt, int Primes);
