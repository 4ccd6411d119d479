using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Grid.Serialization;

namespace Grid.Benchmarks.Serialization;

/// <summary>One value that both serializers write and read; the ratios to reach are those of the project's acceptance.</summary>
internal sealed record SerializationCase(string Name, double WriteTarget, double ReadTarget, Action Write, Action Read, Action[] JsonWrites, Action[] JsonReads, int Bytes, int JsonBytes)
{
    /// <summary>Prepares buffers and payloads, so that the measured actions do nothing but write or read.</summary>
    /// <param name="name">What the value is.</param>
    /// <param name="value">The value.</param>
    /// <param name="targets">How many times as fast as JSON writing and reading are to be.</param>
    /// <param name="json">Configurations of System.Text.Json; the fastest one counts.</param>
    public static SerializationCase Create<T>(string name, T value, (double Write, double Read) targets, params JsonTypeInfo<T>[] json)
    {
        var serializer = new GridSerializer(new SerializerOptions(), new LoadedModuleCatalog());
        var output = new ArrayBufferWriter<byte>(1 << 20);
        serializer.Write(output, value);
        var payload = output.WrittenSpan.ToArray();
        var text = JsonSerializer.SerializeToUtf8Bytes(value, json[0]);
        return new SerializationCase(
            name,
            targets.Write,
            targets.Read,
            () =>
            {
                output.ResetWrittenCount();
                serializer.Write(output, value);
            },
            () => serializer.Read<T>(payload),
            [.. json.Select(info => JsonWrite(value, info))],
            [.. json.Select<JsonTypeInfo<T>, Action>(info => () => JsonSerializer.Deserialize(text, info))],
            payload.Length,
            text.Length);
    }

    private static Action JsonWrite<T>(T value, JsonTypeInfo<T> info)
    {
        var output = new ArrayBufferWriter<byte>(1 << 20);
        var writer = new Utf8JsonWriter(output, new JsonWriterOptions { SkipValidation = true });
        return () =>
        {
            output.ResetWrittenCount();
            writer.Reset(output);
            JsonSerializer.Serialize(writer, value, info);
            writer.Flush();
        };
    }
}
