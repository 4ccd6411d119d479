using System.Text.Json.Serialization;

namespace Grid.Kernel.Administration;

/// <summary>
/// Reports travel as JSON, unlike all other messages: an operator's tool may be older or newer than the node that it asks, and what one of them does not know
/// is left out.
/// </summary>
[JsonSourceGenerationOptions(Converters = [typeof(NodeIdConverter)], UseStringEnumConverter = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(NodeReport))]
[JsonSerializable(typeof(IReadOnlyList<NodeEvent>))]
[JsonSerializable(typeof(JobExplanation))]
internal sealed partial class ReportJson : JsonSerializerContext;
