using System.Collections.Frozen;
using System.Numerics;
using System.Text;

namespace Grid.Serialization;

/// <summary>
/// Types that go by a number below <see cref="Reserved"/> because they come often. The position in the list is the number: entries are only ever added at the end.
/// </summary>
internal static class WellKnownTypes
{
    /// <summary>Numbers from here on are defined by each payload.</summary>
    public const int Reserved = 128;

    private static readonly Type[] List =
    [
        typeof(object), typeof(bool), typeof(char), typeof(sbyte), typeof(byte), typeof(short), typeof(ushort), typeof(int), typeof(uint), typeof(long),
        typeof(ulong), typeof(float), typeof(double), typeof(decimal), typeof(string), typeof(DateTime), typeof(DateTimeOffset), typeof(TimeSpan),
        typeof(DateOnly), typeof(TimeOnly), typeof(Guid), typeof(Half), typeof(Int128), typeof(UInt128), typeof(BigInteger), typeof(Complex),
        typeof(Type), typeof(Uri), typeof(Version), typeof(Exception), typeof(CancellationToken), typeof(StringBuilder), typeof(StringComparer),
        typeof(object[]), typeof(bool[]), typeof(char[]), typeof(sbyte[]), typeof(byte[]), typeof(short[]), typeof(ushort[]), typeof(int[]), typeof(uint[]),
        typeof(long[]), typeof(ulong[]), typeof(float[]), typeof(double[]), typeof(decimal[]), typeof(string[]),
        typeof(List<>), typeof(Dictionary<,>), typeof(HashSet<>), typeof(Queue<>), typeof(Stack<>), typeof(KeyValuePair<,>), typeof(Nullable<>),
        typeof(ValueTuple<>), typeof(ValueTuple<,>), typeof(ValueTuple<,,>), typeof(ValueTuple<,,,>), typeof(Tuple<,>),
        typeof(Action), typeof(Action<>), typeof(Action<,>), typeof(Func<>), typeof(Func<,>), typeof(Func<,,>), typeof(Func<,,,>), typeof(Predicate<>),
        typeof(Comparison<>), typeof(IEnumerable<>), typeof(IList<>), typeof(IReadOnlyList<>), typeof(IDictionary<,>), typeof(IReadOnlyDictionary<,>),
        typeof(IEqualityComparer<>), typeof(IComparer<>), typeof(IJobContext), typeof(Task), typeof(Task<>), typeof(void),
        typeof(List<int>), typeof(List<long>), typeof(List<double>), typeof(List<string>), typeof(List<object>), typeof(Dictionary<string, string>),
        typeof(Dictionary<string, int>), typeof(Dictionary<string, long>), typeof(Dictionary<string, object>),
    ];

    private static readonly FrozenDictionary<Type, int> Ids = List.Select((type, index) => (type, index)).ToFrozenDictionary(e => e.type, e => e.index);

    // Filled by whichever thread needs an entry first, with the same object each time.
    private static readonly Formatter?[] Known = new Formatter?[List.Length];

    public static int IdOf(Type type) => Ids.GetValueOrDefault(type, -1);

    public static Type? TypeOf(int id) => (uint)id < (uint)List.Length ? List[id] : null;

    /// <summary>The formatter of a type that values can have, or <see langword="null"/>.</summary>
    public static Formatter? FormatterOf(int id)
    {
        if ((uint)id >= (uint)List.Length || List[id].IsGenericTypeDefinition || List[id] == typeof(void))
        {
            return null;
        }

        return Known[id] ??= FormatterIndex.Of(List[id]);
    }
}
