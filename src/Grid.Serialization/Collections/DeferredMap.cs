namespace Grid.Serialization;

/// <summary>A dictionary whose keys are complete only when the whole graph is.</summary>
internal sealed class DeferredMap<TMap, TKey, TValue>(TMap map, KeyValuePair<TKey, TValue>[] entries, Action<TMap, TKey, TValue> add) : IDeferredFill
{
    public void Fill()
    {
        foreach (var (key, value) in entries)
        {
            add(map, key, value);
        }
    }
}
