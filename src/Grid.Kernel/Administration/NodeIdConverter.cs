using System.Text.Json;
using System.Text.Json.Serialization;

namespace Grid.Kernel.Administration;

/// <summary>Writes a node id as its 32 digits.</summary>
internal sealed class NodeIdConverter : JsonConverter<NodeId>
{
    public override NodeId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        NodeId.TryParse(reader.GetString(), out var id) ? id : throw new JsonException("A node id is not 32 hexadecimal digits.");

    public override void Write(Utf8JsonWriter writer, NodeId value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
