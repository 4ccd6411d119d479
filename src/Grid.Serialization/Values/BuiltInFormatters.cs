namespace Grid.Serialization;

/// <summary>Formatters of single types that are not found by a rule.</summary>
internal static class BuiltInFormatters
{
    // What is generic in a type is made only for the types that are used: it is compiled when it is made, and a client starts with few.
    private static readonly Dictionary<Type, Func<Formatter>> Known = Build();

    public static Formatter? Create(Type type) => Known.TryGetValue(type, out var create) ? create() : null;

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
