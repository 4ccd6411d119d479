using System.Collections;
using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Collections.ObjectModel;

namespace Grid.Serialization.Tests;

public class CollectionTests
{
    private static readonly string[] Words = ["one", "two", "three", "four"];

    public static TheoryData<IEnumerable> Collections =>
    [
        new List<string>(Words), new List<int> { 1, 2, 3 }, new HashSet<string>(Words), new SortedSet<string>(Words), new Queue<string>(Words), new Stack<string>(Words),
        new LinkedList<string>(Words), new ConcurrentQueue<string>(Words), new ConcurrentStack<string>(Words),
        new Dictionary<string, int> { ["a"] = 1, ["b"] = 2 }, new SortedDictionary<int, string> { [2] = "b", [1] = "a" },
        new SortedList<string, int> { ["b"] = 2, ["a"] = 1 }, new OrderedDictionary<string, int> { ["z"] = 26, ["a"] = 1 },
        new ConcurrentDictionary<int, string>([new(1, "a")]), ImmutableArray.Create(Words), ImmutableList.Create(Words), ImmutableQueue.Create(Words), ImmutableStack.Create(Words),
        ImmutableHashSet.Create(Words), ImmutableSortedSet.Create(Words), ImmutableDictionary.CreateRange([KeyValuePair.Create("a", 1)]),
        ImmutableSortedDictionary.CreateRange([KeyValuePair.Create("b", 1), KeyValuePair.Create("a", 2)]), Words.ToFrozenSet(), FrozenSet<int>.Empty,
        Enumerable.Range(0, 100).ToFrozenSet(), Words.ToFrozenDictionary(w => w, w => w.Length), new ArraySegment<string>(Words, 1, 2), new ReadOnlyCollection<string>(Words),
        new ObservableCollection<string>(Words), new ReadOnlyDictionary<string, int>(new Dictionary<string, int> { ["a"] = 1 }), new ArrayList { 1, "two" },
        new bool[] { true, false }, new char[] { 'a', '\u1234' }, new sbyte[] { -1 }, new byte[] { 1, 2 }, new short[] { -2 }, new ushort[] { 3 }, new uint[] { 4 }, new long[] { -5 },
        new ulong[] { 6 }, new float[] { 7.5f }, new double[] { 8.25 }, new decimal[] { 1.5m }, new DayOfWeek[] { DayOfWeek.Sunday }, Array.Empty<int>(), new string?[] { "a", null },
        new int[][] { [1], [], [2, 3] }, new int[,] { { 1, 2, 3 }, { 4, 5, 6 } }, new string[,,] { { { "a" }, { "b" } } }, new int[0, 5], new Point[] { new(1, 2) }, new int?[] { 1, null },
        Words.Where(w => w.Length > 3), Words.Select(w => w.Length).OrderBy(n => n), Enumerable.Range(3, 4), Words.Distinct().Skip(1),
    ];

    [Theory]
    [MemberData(nameof(Collections))]
    public void A_collection_of_any_kind_comes_back_where_the_static_type_is_object(IEnumerable value)
    {
        var copy = (IEnumerable)Payload.RoundTrip((object)value);

        Assert.Equal(value.GetType(), copy.GetType());
        Assert.Equal(value, copy);
    }

    [Theory]
    [MemberData(nameof(Collections))]
    public void A_collection_of_any_kind_comes_back_where_the_static_type_is_its_own(IEnumerable value)
    {
        var method = typeof(Payload).GetMethod(nameof(Payload.RoundTrip))!.MakeGenericMethod(value.GetType());

        Assert.Equal(value, (IEnumerable)method.Invoke(null, [value])!);
    }

    [Fact]
    public void Comparers_come_with_their_collections()
    {
        var ignoreCase = StringComparer.OrdinalIgnoreCase;

        Assert.True(Payload.RoundTrip(new Dictionary<string, int>(ignoreCase) { ["A"] = 1 }).ContainsKey("a"));
        Assert.True(Payload.RoundTrip(new ConcurrentDictionary<string, int>(ignoreCase) { ["A"] = 1 }).ContainsKey("a"));
        IReadOnlySet<string>[] sets =
        [
            new HashSet<string>(["A"], ignoreCase), new SortedSet<string>(["A"], ignoreCase), ImmutableHashSet.Create(ignoreCase, "A"), new[] { "A" }.ToFrozenSet(ignoreCase),
        ];
        Assert.All(Payload.RoundTrip(sets), set => Assert.Contains("a", set));
        Assert.True(Payload.RoundTrip(ImmutableDictionary.Create<string, int>(ignoreCase, new Modulo(10)).Add("A", 1)).Contains("a", 11));
    }

    [Fact]
    public void A_comparer_of_the_program_comes_along()
    {
        var copy = Payload.RoundTrip(new SortedDictionary<int, string>(Comparer<int>.Create((x, y) => y - x)) { [1] = "a", [2] = "b" });
        copy[3] = "c";

        Assert.Equal([3, 2, 1], copy.Keys);
        Assert.Contains(15, (IReadOnlySet<int>)Payload.RoundTrip(new HashSet<int>([5], new Modulo(10))));
    }

    [Fact]
    public void The_default_comparer_arrives_as_the_default_comparer()
    {
        Assert.Same(EqualityComparer<string>.Default, Payload.RoundTrip<IEqualityComparer<string>>(EqualityComparer<string>.Default));
        Assert.Same(EqualityComparer<int>.Default, Payload.RoundTrip(new Dictionary<int, int>()).Comparer);
        Assert.Same(Comparer<DateTime>.Default, Payload.RoundTrip<IComparer<DateTime>>(Comparer<DateTime>.Default));
    }

    [Fact]
    public void A_set_whose_elements_lead_back_to_it_hashes_them_when_they_are_complete()
    {
        var set = new HashSet<Keyed>();
        set.Add(new Keyed { Home = set, Name = "a" });
        set.Add(new Keyed { Home = set, Name = "b" });

        var copy = Payload.RoundTrip(set);

        Assert.Contains(new Keyed { Name = "b" }, (IReadOnlySet<Keyed>)copy);
        Assert.All(copy, k => Assert.Same(copy, k.Home));
    }

    [Fact]
    public void Memory_comes_back_as_what_is_in_view()
    {
        Assert.Equal([2, 3], Payload.RoundTrip(new Memory<int>([1, 2, 3, 4], 1, 2)).ToArray());
        Assert.Equal("bc", Payload.RoundTrip("abcd".AsMemory(1, 2)).ToString());
        Assert.True(Payload.RoundTrip(default(ImmutableArray<int>)).IsDefault);
    }

    [Fact]
    public void An_evaluated_lazy_arrives_evaluated()
    {
        var lazy = new Lazy<string>(() => "made");
        _ = lazy.Value;

        var copy = Payload.RoundTrip(lazy);

        Assert.True(copy.IsValueCreated);
        Assert.Equal("made", copy.Value);
    }

    [Fact]
    public void A_class_that_derives_from_a_collection_comes_back_with_fields_and_elements()
    {
        var counts = new WordCounts(StringComparer.OrdinalIgnoreCase) { Source = "book", ["A"] = 1, ["b"] = 2 };
        counts.Self = counts;

        var copy = Payload.RoundTrip(counts);

        Assert.Equal(("book", 1, 2), (copy.Source, copy["a"], copy["B"]));
        Assert.Same(copy, copy.Self);
        Assert.Equal(["x"], Payload.RoundTrip(new Names { "x" }));
        Assert.Contains("hash codes", Payload.Refusal(new NameSet()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_collection_in_two_places_stays_one_collection()
    {
        var map = new Dictionary<string, int> { ["a"] = 1 };
        var list = ImmutableList.Create("x");

        var copy = Payload.RoundTrip((map, map, list, list));

        Assert.Same(copy.Item1, copy.Item2);
        Assert.Same(copy.Item3, copy.Item4);
    }

    private sealed class WordCounts(IEqualityComparer<string> comparer) : Dictionary<string, int>(comparer)
    {
        public string? Source { get; init; }

        public WordCounts? Self { get; set; }
    }

    private sealed class Names : List<string>;

    private sealed class NameSet : HashSet<string>;

    private sealed class Keyed : IEquatable<Keyed>
    {
        public object? Home;
        public string Name = string.Empty;

        public bool Equals(Keyed? other) => other?.Name == Name;

        public override bool Equals(object? obj) => Equals(obj as Keyed);

        public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);
    }

    private sealed class Modulo(int divisor) : IEqualityComparer<int>
    {
        public bool Equals(int x, int y) => x % divisor == y % divisor;

        public int GetHashCode(int obj) => obj % divisor;
    }
}
