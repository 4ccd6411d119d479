using System.Buffers;

namespace Grid.Serialization.Tests;

/// <summary>Sends values through bytes and back, with default limits and the modules of this process.</summary>
internal static class Payload
{
    public static readonly GridSerializer Serializer = new(new SerializerOptions(), new LoadedModuleCatalog());

    public static byte[] Write<T>(T value, GridSerializer? serializer = null)
    {
        var output = new ArrayBufferWriter<byte>();
        (serializer ?? Serializer).Write(output, value);
        return output.WrittenSpan.ToArray();
    }

    public static T Read<T>(byte[] bytes, ReadScope scope = default) => Serializer.Read<T>(bytes, scope);

    public static T RoundTrip<T>(T value) => Read<T>(Write(value));

    public static NotShippableException Refusal<T>(T value)
    {
        var output = new ArrayBufferWriter<byte>();
        var refusal = Assert.Throws<NotShippableException>(() => Serializer.Write(output, value));
        Assert.Equal(0, output.WrittenCount);
        return refusal;
    }
}
