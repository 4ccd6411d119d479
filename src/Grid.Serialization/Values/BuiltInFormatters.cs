namespace Grid.Serialization;

/// <summary>Formatters of single types that are not found by a rule.</summary>
internal static class BuiltInFormatters
{
    private static readonly Dictionary<Type, Func<Formatter>> Known = Build();

    public static Formatter? Create(Type type) => Known.TryGetValue(type, out var create) ? create() : null;

    public static void Add<T>(Dictionary<Type, Func<Formatter>> known, WriteValue<T> write, ReadValue<T> read, bool isLeaf = true)
        where T : struct => known.Add(typeof(T), () => new ValueFormatter<T>(write, read, isLeaf));

    private static Dictionary<Type, Func<Formatter>> Build()
    {
        var known = new Dictionary<Type, Func<Formatter>>
        {
            [typeof(object)] = () => new ObjectFormatter(),
            [typeof(string)] = () => new StringFormatter(),
        };
        NumberCoding.Register(known);
        TimeCoding.Register(known);
        ObjectCoding.Register(known);
        return known;
    }
}
