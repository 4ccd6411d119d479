namespace Grid.Serialization;

/// <summary>
/// Finds the way to a value that the writer has refused, by going through the graph again in the order in which it was written. So the writer need
/// not keep track of where it is.
/// </summary>
internal sealed class PathFinder(ShipmentRefusal refusal)
{
    private const int VisitsMax = 1_000_000;
    private const int DepthMax = 2_000;
    private const string Arrow = " → ";

    private readonly HashSet<object> _visited = new(ReferenceEqualityComparer.Instance);
    private readonly List<PathStep> _path = [];
    private string? _reason;

    public static NotShippableException Explain(ShipmentRefusal refusal, object? root, string rootName)
    {
        var finder = new PathFinder(refusal);
        var found = root is not null && finder.Search(root);
        var typeName = refusal.RefusedType.FullName ?? refusal.RefusedType.Name;
        var path = finder.Render(rootName, found);
        var reason = finder._reason ?? refusal.Message;
        if (path.Contains(TypeNaming.Closure, StringComparison.Ordinal))
        {
            reason += ". A closure holds every variable that any lambda of its scope captures: if this one is not meant to go along, declare it "
                + "in another scope or method than the lambda, or copy what is needed of it into a local variable";
        }

        return new NotShippableException(path, typeName, reason + ".");
    }

    private bool Search(object value)
    {
        if (_path.Count > DepthMax || _visited.Count > VisitsMax || (!value.GetType().IsValueType && !_visited.Add(value)))
        {
            return false;
        }

        var formatter = FormatterIndex.Of(value.GetType());
        _reason = formatter.RefusalOf(value);
        if (_reason is not null)
        {
            return value.GetType() == refusal.RefusedType;
        }

        foreach (var step in formatter.StepsOf(value))
        {
            if (step.Child is not null)
            {
                _path.Add(step);
                if (Search(step.Child))
                {
                    return true;
                }

                _path.RemoveAt(_path.Count - 1);
            }
        }

        return false;
    }

    private string Render(string rootName, bool found)
    {
        var text = new System.Text.StringBuilder(rootName);
        foreach (var step in _path)
        {
            if (step.Kind != PathStepKind.Hidden)
            {
                text.Append(step.Kind == PathStepKind.Hop ? Arrow : string.Empty).Append(step.Label);
            }
        }

        if (!found)
        {
            _reason = null;
        }

        return text.Append(Arrow).Append(TypeNaming.Friendly(refusal.RefusedType)).ToString();
    }
}
