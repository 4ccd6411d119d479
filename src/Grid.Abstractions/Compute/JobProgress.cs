namespace Grid;

/// <summary>How far a job is.</summary>
/// <param name="Fraction">The part that is done, 0 to 1.</param>
/// <param name="Message">What it is doing, or <see langword="null"/>.</param>
public readonly record struct JobProgress(double Fraction, string? Message = null);
