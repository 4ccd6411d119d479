using System.Text.Json.Serialization;

namespace Grid.Benchmarks.Serialization;

/// <summary>System.Text.Json with source generation: its fast path writes the record, the dictionary and the array without looking at metadata.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Default)]
[JsonSerializable(typeof(BenchmarkRecord))]
[JsonSerializable(typeof(Dictionary<string, string>))]
[JsonSerializable(typeof(double[]))]
internal sealed partial class BenchmarkJson : JsonSerializerContext;
