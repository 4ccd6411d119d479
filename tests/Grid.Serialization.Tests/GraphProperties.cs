using FsCheck;
using FsCheck.Fluent;

namespace Grid.Serialization.Tests;

/// <summary>Graphs made at random: shapes, sharing and cycles that nobody thought of.</summary>
public class GraphProperties
{
    [Fact]
    public void Any_graph_of_nodes_comes_back_in_the_same_shape() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int[]>(), seeds =>
        {
            var graph = Build(seeds);
            return Shape(Payload.RoundTrip(graph)) == Shape(graph);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_dictionary_of_lists_comes_back_equal() =>
        Prop.ForAll(ArbMap.Default.ArbFor<Dictionary<string, List<Tuple<int, string, double?>>>>().Filter(map => map is not null), map =>
        {
            var copy = Payload.RoundTrip(map);
            return copy.Count == map.Count && map.All(e => e.Value is null ? copy[e.Key] is null : copy[e.Key].SequenceEqual(e.Value));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_values_boxed_into_an_array_come_back_equal() =>
        Prop.ForAll(
            ArbMap.Default.ArbFor<(string Text, long[] Numbers, decimal Money)>(),
            ArbMap.Default.ArbFor<(DateTimeOffset Time, char Unit, Guid Id)>(),
            (a, b) =>
            {
                object?[] values = [a.Text, a.Numbers, a.Money, b.Time, b.Unit, b.Id, a.Numbers];
                var copy = Payload.RoundTrip(values);
                return ReferenceEquals(copy[1], copy[6]) == a.Numbers is not null
                    && values.Zip(copy).All(p => p.First is long[] numbers ? numbers.SequenceEqual((long[])p.Second!) : Equals(p.First, p.Second));
            }).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_string_comes_back_whatever_its_characters() =>
        Prop.ForAll(ArbMap.Default.ArbFor<char[]>(), characters =>
        {
            var text = new string(characters);
            return Payload.RoundTrip(text) == text;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Writing_what_was_read_gives_the_same_bytes() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int[]>(), seeds =>
        {
            var bytes = Payload.Write(Build(seeds));
            return bytes.AsSpan().SequenceEqual(Payload.Write(Payload.Read<List<object?>>(bytes)));
        }).QuickCheckThrowOnFailure();

    /// <summary>Each number adds an object that may refer to any before it, and may be referred to by them.</summary>
    private static List<object?> Build(int[] seeds)
    {
        var all = new List<object?> { null };
        foreach (var seed in seeds)
        {
            var random = new Random(seed);
            var pick = all[random.Next(all.Count)];
            object next = (seed & 7) switch
            {
                0 => new TreeNode { Value = seed, Parent = pick as TreeNode },
                1 => new Holder<object> { First = pick, Second = all[random.Next(all.Count)] },
                2 => new List<object?> { pick, seed, $"text {seed}" },
                3 => new Dictionary<string, object?> { ["pick"] = pick, [$"key {seed}"] = seed },
                4 => new Dog($"dog {seed}", seed) { Friend = pick as Animal },
                5 => new[] { pick, seed % 3 == 0 ? new Point(seed, 1) : null },
                6 => (Func<object?>)(() => pick),
                _ => new TreeNode?[2, 1] { { pick as TreeNode }, { null } },
            };
            if (pick is Holder<object> holder)
            {
                holder.Second = next;
            }

            all.Add(next);
        }

        return all;
    }

    /// <summary>A text that is equal only for graphs of equal types, values and sharing.</summary>
    private static string Shape(object? root)
    {
        var numbers = new Dictionary<object, int>(ReferenceEqualityComparer.Instance);
        var text = new System.Text.StringBuilder();
        Describe(root);
        return text.ToString();

        void Describe(object? value)
        {
            if (value is null or string or int or Point)
            {
                text.Append(value is Point p ? $"{p.X}/{p.Y}" : value ?? "null").Append(' ');
                return;
            }

            if (value is Delegate d)
            {
                text.Append("call ");
                Describe(d.DynamicInvoke());
                return;
            }

            if (!numbers.TryAdd(value, numbers.Count))
            {
                text.Append('#').Append(numbers[value]).Append(' ');
                return;
            }

            text.Append(value.GetType().Name).Append('(');
            foreach (var part in PartsOf(value))
            {
                Describe(part);
            }

            text.Append(')');
        }
    }

    private static IEnumerable<object?> PartsOf(object value) => value switch
    {
        TreeNode node => [node.Value, node.Parent, node.Children],
        Holder<object> holder => [holder.First, holder.Second],
        Dictionary<string, object?> map => map.SelectMany(e => new[] { e.Key, e.Value }),
        Dog dog => [dog.Name, dog.Age, dog.Friend],
        System.Collections.IEnumerable items => items.Cast<object?>(),
        _ => throw new ArgumentException($"No parts are known of {value.GetType()}."),
    };
}
