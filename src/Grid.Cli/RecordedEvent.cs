namespace Grid.Cli;

/// <summary>An event and who recorded it.</summary>
/// <param name="Recorder">The name of the worker that was asked; a client's events come through one.</param>
/// <param name="Event">The event.</param>
internal sealed record RecordedEvent(string Recorder, NodeEvent Event);
