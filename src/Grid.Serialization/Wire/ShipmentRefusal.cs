namespace Grid.Serialization;

/// <summary>Unwinds the writer when a value cannot be shipped; turned into a <see cref="NotShippableException"/> with the path at the root.</summary>
internal sealed class ShipmentRefusal(Type type, string reason) : Exception(reason)
{
    public Type RefusedType { get; } = type;
}
