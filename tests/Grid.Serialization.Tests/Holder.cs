namespace Grid.Serialization.Tests;

internal sealed class Holder<T>
{
    public T? First;
    public T? Second;
    [NonSerialized]
    public T? Skipped;
}
