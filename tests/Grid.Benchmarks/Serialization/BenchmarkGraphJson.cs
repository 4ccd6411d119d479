using System.Text.Json.Serialization;

namespace Grid.Benchmarks.Serialization;

/// <summary>System.Text.Json for the graph, whose cycles need its reference handling.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(BenchmarkNode))]
internal sealed partial class BenchmarkGraphJson : JsonSerializerContext;
