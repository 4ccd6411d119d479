using System.CommandLine;

namespace Grid.Cli;

/// <summary>A command and what its own help teaches beside the syntax.</summary>
/// <param name="Command">The command; its description is one line.</param>
/// <param name="Text">What it does and means, with examples; lines of at most 80 columns.</param>
internal sealed record Lesson(Command Command, string Text);
