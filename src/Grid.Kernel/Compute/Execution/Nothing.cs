namespace Grid.Kernel.Compute.Execution;

/// <summary>The result of a job that returns nothing; written as no bytes at all.</summary>
internal readonly struct Nothing;
