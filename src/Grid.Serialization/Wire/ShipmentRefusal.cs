namespace Grid.Serialization;

/// <summary>Unwinds the writer when a value cannot be shipped; turned into a <see cref="NotShippableException"/> with the path at the root.</summary>
/// <param name="value">The value, to find the path by; <see langword="null"/> when no single value is to blame.</param>
/// <param name="type">What to call it.</param>
/// <param name="reason">Why, and what to do instead; without a full stop.</param>
internal sealed class ShipmentRefusal(object? value, Type type, string reason) : Exception(reason)
{
    public ShipmentRefusal(object value, string reason)
        : this(value, value.GetType(), reason)
    {
    }

    public object? Value { get; } = value;

    public Type RefusedType { get; } = type;
}
