namespace Grid.Chaos.Load;

/// <summary>One verifiable job: how many primes are there from a number on?</summary>
/// <param name="Task">The task's name in the record.</param>
/// <param name="First">The first number.</param>
/// <param name="Count">How many numbers.</param>
/// <param name="Hold">How long the job keeps its slot beside that, so that faults find jobs at work.</param>
/// <param name="Folder">Where executions are recorded; all processes see it.</param>
internal sealed record Order(string Task, int First, int Count, TimeSpan Hold, string Folder);
