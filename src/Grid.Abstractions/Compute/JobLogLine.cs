using Microsoft.Extensions.Logging;

namespace Grid;

/// <summary>A line that a job wrote to <see cref="IJobContext.Logger"/>, as its caller gets it.</summary>
/// <param name="Level">How serious it is.</param>
/// <param name="Text">The message, with the exception if there was one; at most 4,096 characters.</param>
public readonly record struct JobLogLine(LogLevel Level, string Text);
