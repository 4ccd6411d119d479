namespace Grid.ZooKeeper;

/// <summary>Something changed: look. Several changes may show as one event, so take it as a hint to read, never as the change itself.</summary>
/// <param name="Type">What changed.</param>
/// <param name="Path">Where, in the client's terms (without the chroot); empty for events that concern no single path.</param>
public readonly record struct WatchEvent(WatchEventType Type, string Path);
