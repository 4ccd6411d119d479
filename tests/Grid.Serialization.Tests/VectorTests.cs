using System.Globalization;
using System.Text.Json;

namespace Grid.Serialization.Tests;

/// <summary>Bytes that python3-msgpack wrote (Vectors/make_vectors.py): plain data is plain MessagePack, in both directions.</summary>
public class VectorTests
{
    private static readonly string[] Lines = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Vectors", "vectors.tsv"));

    public static TheoryData<int> Indexes => [.. Enumerable.Range(0, Lines.Length)];

    [Theory]
    [MemberData(nameof(Indexes))]
    public void Bytes_of_another_implementation_are_read_and_written_the_same(int index)
    {
        var parts = Lines[index].Split('\t');
        using var json = JsonDocument.Parse(parts[1]);
        var (value, bytes) = (json.RootElement, Convert.FromHexString(parts[2]));

        switch (parts[0])
        {
            case "long": Check(value.GetInt64(), bytes); break;
            case "ulong": Check(value.GetUInt64(), bytes); break;
            case "bool": Check(value.GetBoolean(), bytes); break;
            case "double": Check(value.GetDouble(), bytes); break;
            case "float": Check(value.GetSingle(), bytes); break;
            case "string": Check(value.GetString(), bytes); break;
            case "string[]": Check(value.Deserialize<string[]>(), bytes); break;
            case "string[][]": Check(value.Deserialize<string[][]>(), bytes); break;
            case "map<string,long>": Check(value.Deserialize<Dictionary<string, long>>(), bytes); break;
            case "map<long,string>": Check(value.Deserialize<Dictionary<long, string>>(), bytes); break;
            case "map<string,list<string>>": Check(value.Deserialize<Dictionary<string, List<string>>>(), bytes); break;
            case "byte[]": Check(value.EnumerateArray().Select(e => e.GetByte()).ToArray(), bytes); break;
            case "DateTime": Check(DateTime.Parse(value.GetString()!, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal), bytes); break;
            case "read int[]": Assert.Equal(value.Deserialize<int[]>(), Payload.Read<int[]>(bytes)); break;
            case "read double[]": Assert.Equal(value.Deserialize<double[]>(), Payload.Read<double[]>(bytes)); break;
            default: Assert.Fail($"The test does not know the type {parts[0]} of line {index + 1}."); break;
        }
    }

    private static void Check<T>(T value, byte[] bytes)
    {
        Assert.Equal(value, Payload.Read<T>(bytes));
        Assert.Equal(Convert.ToHexString(bytes), Convert.ToHexString(Payload.Write(value)));
    }
}
