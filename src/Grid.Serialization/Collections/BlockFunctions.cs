namespace Grid.Serialization;

/// <summary>Bridges from an element type without constraint to <see cref="PrimitiveBlock"/>, whose element type is a structure.</summary>
internal static class BlockFunctions<T>
{
    public delegate void WriteSpan(ref PayloadWriter writer, ReadOnlySpan<T> values);

    public delegate void ReadSpan(ref PayloadReader reader, Span<T> target);

    public delegate T[] ReadWhole(ref PayloadReader reader);

    public static readonly ReadWhole ReadArray = Bind<ReadWhole>(nameof(PrimitiveBlock.ReadArray));

    public static readonly WriteSpan Write = Bind<WriteSpan>(nameof(PrimitiveBlock.Write));

    public static readonly ReadSpan ReadInto = Bind<ReadSpan>(nameof(PrimitiveBlock.ReadInto));

    private static TDelegate Bind<TDelegate>(string name)
        where TDelegate : Delegate =>
        typeof(PrimitiveBlock).GetMethod(name)!.MakeGenericMethod(typeof(T)).CreateDelegate<TDelegate>();
}
