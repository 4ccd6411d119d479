namespace Grid.Discovery.ZooKeeper.View;

/// <summary>
/// Which marks of members that left are old enough to go: those that the sweep before has seen already. So a mark lives
/// one to two sweep periods, and no clock but this process's own is asked. Pure.
/// </summary>
internal sealed class TombstoneSweep
{
    private HashSet<string> _seen = new(StringComparer.Ordinal);

    /// <summary>Takes the names now and returns those to delete.</summary>
    public IReadOnlyList<string> OnListed(IReadOnlyList<string> names)
    {
        string[] old = [.. names.Where(_seen.Contains)];
        _seen = names.Except(old, StringComparer.Ordinal).ToHashSet(StringComparer.Ordinal);
        return old;
    }
}
