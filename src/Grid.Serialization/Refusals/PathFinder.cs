using System.Text;

namespace Grid.Serialization;

/// <summary>
/// Finds the way to a value that the writer has refused, by going through the graph again in the order in which it was written. So the writer need
/// not keep track of where it is.
/// </summary>
internal sealed class PathFinder(ShipmentRefusal refusal)
{
    private const int VisitsMax = 1_000_000;
    private const string Arrow = " → ";

    private readonly HashSet<object> _visited = new(ReferenceEqualityComparer.Instance);
    private readonly List<PathStep> _path = [];
    private readonly Stack<IEnumerator<PathStep>> _pending = new();

    public static NotShippableException Explain(ShipmentRefusal refusal, object? root, string rootName)
    {
        var finder = new PathFinder(refusal);
        if (root is not null && refusal.Value is not null)
        {
            finder.Search(root);
        }

        var typeName = refusal.RefusedType.FullName ?? refusal.RefusedType.Name;
        var path = finder.Render(rootName);
        var reason = refusal.Message;
        if (path.Contains(TypeNaming.Closure, StringComparison.Ordinal))
        {
            reason += ". A closure holds every variable that any lambda of its scope captures: if this one is not meant to go along, declare it "
                + "in another scope or method than the lambda, or copy what is needed of it into a local variable";
        }

        return new NotShippableException(path, typeName, reason + ".");
    }

    /// <summary>Depth first, with the pending steps on the heap: the graph may be deeper than the stack.</summary>
    private void Search(object root)
    {
        if (IsRefused(root))
        {
            return;
        }

        _pending.Push(Steps(root));
        while (_pending.TryPeek(out var steps))
        {
            if (!steps.MoveNext())
            {
                _pending.Pop();
                if (_path.Count > 0)
                {
                    _path.RemoveAt(_path.Count - 1);
                }
            }
            else if (steps.Current.Child is { } child && CanVisit(child))
            {
                _path.Add(steps.Current);
                if (IsRefused(child))
                {
                    return;
                }

                _pending.Push(Steps(child));
            }
        }
    }

    private bool CanVisit(object value) => _visited.Count < VisitsMax && (value.GetType().IsValueType || _visited.Add(value));

    /// <summary>A structure is boxed anew at each look, so it is known by what it is equal to.</summary>
    private bool IsRefused(object value) =>
        ReferenceEquals(value, refusal.Value) || (value is ValueType && value.GetType() == refusal.RefusedType && value.Equals(refusal.Value));

    private static IEnumerator<PathStep> Steps(object value)
    {
        var formatter = FormatterIndex.Of(value.GetType());
        return (formatter is { IsLeaf: false } && formatter.RefusalOf(value) is null ? formatter.StepsOf(value) : []).GetEnumerator();
    }

    private string Render(string rootName)
    {
        var text = new StringBuilder(rootName);
        foreach (var step in _path)
        {
            if (step.Kind != PathStepKind.Hidden)
            {
                text.Append(step.Kind == PathStepKind.Hop ? Arrow : string.Empty).Append(step.Label);
            }
        }

        return text.Append(Arrow).Append(TypeNaming.Friendly(refusal.RefusedType)).ToString();
    }
}
