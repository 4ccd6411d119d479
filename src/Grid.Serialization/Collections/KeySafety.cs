namespace Grid.Serialization;

/// <summary>
/// Whether a key may be put into a hash table or sorted collection as soon as it has been read. An object may be part of a cycle, and then its fields,
/// which its hash code may depend on, are not all there yet.
/// </summary>
internal static class KeySafety<T>
{
    public static readonly bool IsComplete = Formatters<T>.Instance.IsSelfContained;
}
