using System.Text.Json.Serialization;

namespace Grid.Samples.FileDiscovery;

/// <summary>How the files are written. Made by the compiler: programs that are one source file have reflection of JSON switched off, and plug-ins run in them, too.</summary>
[JsonSerializable(typeof(NodeInfo))]
[JsonSerializable(typeof(SharedFolder.State))]
internal sealed partial class RecordFormat : JsonSerializerContext;
