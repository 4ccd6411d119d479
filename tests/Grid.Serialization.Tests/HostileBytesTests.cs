using System.Buffers.Binary;

namespace Grid.Serialization.Tests;

/// <summary>Bytes that no writer wrote: only <see cref="MalformedPayloadException"/> or <see cref="CodeShippingException"/>, and little memory.</summary>
public class HostileBytesTests
{
    private const int Rounds = 40_000;
    private const long AllocatedMax = 4_000_000;

    private static readonly GridSerializer Small = new(
        new SerializerOptions { PayloadBytesMax = 1 << 20, ArrayLengthMax = 1 << 16, StringLengthMax = 1 << 16, ObjectsMax = 1 << 16, DepthMax = 200, TypesMax = 64 },
        new LoadedModuleCatalog());

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Mutated_bytes_give_one_kind_of_exception_and_no_large_allocation(int seed)
    {
        var samples = Samples();
        var random = new Random(seed);
        var rejected = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var (bytes, read) = samples[random.Next(samples.Length)];
            var mutated = Mutate(bytes, random);
            var before = GC.GetAllocatedBytesForCurrentThread();
            var exception = Record.Exception(() => read(mutated));
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            rejected += exception is null ? 0 : 1;

            Assert.True(
                exception is null or MalformedPayloadException or CodeShippingException,
                $"seed {seed}, round {round}, bytes {Convert.ToHexString(mutated)}: {exception}");
            Assert.True(allocated < AllocatedMax, $"seed {seed}, round {round}: {allocated} bytes allocated for {Convert.ToHexString(mutated)}");
        }

        Assert.InRange(rejected, Rounds / 4, Rounds);
    }

    [Fact]
    public void Every_cut_is_rejected()
    {
        foreach (var (bytes, read) in Samples())
        {
            for (var length = 0; length < bytes.Length; length++)
            {
                Assert.IsType<MalformedPayloadException>(Record.Exception(() => read(bytes[..length])));
            }

            Assert.IsType<MalformedPayloadException>(Record.Exception(() => read([.. bytes, 0xc0])));
        }
    }

    [Theory]
    [InlineData(0xdd, typeof(string[]))]
    [InlineData(0xdd, typeof(List<object>))]
    [InlineData(0xdd, typeof(HashSet<string>))]
    [InlineData(0xdf, typeof(Dictionary<string, string>))]
    [InlineData(0xdb, typeof(string))]
    [InlineData(0xc6, typeof(byte[]))]
    public void A_huge_count_with_few_bytes_allocates_nothing(int code, Type type)
    {
        byte[] bytes = [(byte)code, 0, 0, 0, 0, 1, 2, 3];
        foreach (var count in (uint[])[1_000_000, int.MaxValue, uint.MaxValue])
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(1), count);
            var read = typeof(HostileBytesTests).GetMethod(nameof(Allocated))!.MakeGenericMethod(type);

            Assert.InRange((long)read.Invoke(null, [bytes])!, 0, 20_000);
        }
    }

    [Fact]
    public void A_rectangular_array_with_a_huge_product_of_lengths_is_rejected()
    {
        var bytes = Payload.Write(new int[1, 1]);
        byte[] huge = [bytes[0], bytes[1], 0xcd, 0xff, 0xff, 0xcd, 0xff, 0xff, .. bytes[4..]];

        Assert.InRange(Allocated<int[,]>(huge), 0, 20_000);
    }

    [Fact]
    public void Nesting_beyond_the_limit_is_rejected()
    {
        var bytes = Enumerable.Repeat((byte)0x91, 100_000).ToArray();

        Assert.Contains(nameof(SerializerOptions.DepthMax), Assert.Throws<MalformedPayloadException>(() => Payload.Read<Nested[]>(bytes)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_delegate_whose_method_does_not_fit_its_type_is_rejected()
    {
        var bytes = Payload.Write<Func<int>>(static () => 1);

        Assert.Throws<MalformedPayloadException>(() => Payload.Read<Func<string, int, double>>(bytes));
        Assert.Throws<MalformedPayloadException>(() => Payload.Read<Func<string>>(bytes));
    }

    [Fact]
    public void A_module_that_is_not_here_is_named()
    {
        var bytes = Payload.Write<Func<int>>(static () => 1);
        var scope = new ReadScope { Modules = new HostOnlyCatalog() };

        Assert.Contains(GridSerializer.ReadModules(bytes)[0].ToString(), Assert.Throws<CodeShippingException>(() => Payload.Read<Func<int>>(bytes, scope)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_payload_of_another_type_is_rejected()
    {
        var bytes = Payload.Write("text");

        Assert.Throws<MalformedPayloadException>(() => Payload.Read<int>(bytes));
        Assert.Throws<MalformedPayloadException>(() => Payload.Read<Person>(bytes));
        Assert.Throws<MalformedPayloadException>(() => Payload.Read<Holder<string>>(Payload.Write<object>(new TreeNode())));
        Assert.Throws<MalformedPayloadException>(() => Payload.Read<Stream>(Payload.Write(5)));
    }

    public static long Allocated<T>(byte[] bytes)
    {
        Assert.Throws<MalformedPayloadException>(() => Payload.Read<T>(bytes));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<MalformedPayloadException>(() => Payload.Read<T>(bytes));
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static (byte[] Bytes, Action<byte[]> Read)[] Samples()
    {
        var number = 7;
        var root = new TreeNode { Value = 1 };
        root.Children.Add(new TreeNode { Value = 2, Parent = root });
        return
        [
            Sample(root),
            Sample(new Person("Ada", 36, 61.5, true, 5, DateTime.UnixEpoch)),
            Sample<Func<int>>(() => number + root.Value),
            Sample<Func<int>>(static () => 1),
            Sample<object>(new object[] { 1, "two", new List<object> { 3.0, new Dog("Rex", 1) }, new int[,] { { 1, 2 } }, typeof(Dictionary<string, Dog>), DayOfWeek.Friday }),
            Sample(new Dictionary<string, int[]> { ["a"] = [1, 2, 3], ["b"] = [] }),
            Sample(new HashSet<string>(["x", "y"], StringComparer.OrdinalIgnoreCase)),
            Sample<Exception>(new InvalidOperationException("outer", new ArgumentException("inner", "p")) { Data = { ["k"] = 1 } }),
            Sample((System.Collections.Immutable.ImmutableList.Create("a"), (decimal?)1.5m, Guid.Empty, new bool[] { true, false }, System.Numerics.BigInteger.One)),
        ];
    }

    private static (byte[] Bytes, Action<byte[]> Read) Sample<T>(T value) => (Payload.Write(value, Small), bytes => Small.Read<T>(bytes));

    private static byte[] Mutate(byte[] original, Random random)
    {
        var bytes = original.ToList();
        for (var changes = random.Next(1, 4); changes > 0; changes--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2 when bytes.Count > 1:
                    bytes.RemoveAt(at);
                    break;
                case 3:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(1, 9), bytes.Count - at)));
                    break;
                default:
                    bytes[at] = (byte)random.Next(0xc0, 0xe0);
                    break;
            }
        }

        return [.. bytes];
    }

    private sealed class Nested
    {
        public Nested? Inner { get; init; }
    }
}
