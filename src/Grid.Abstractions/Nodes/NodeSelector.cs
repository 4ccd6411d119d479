using System.Collections.Immutable;
using System.Globalization;

namespace Grid;

/// <summary>
/// A rule that says which nodes may run a job, and for the others why not. Pure: it depends on nothing but the record
/// it is shown, may be evaluated at any time on any thread, and never travels to another node.
/// </summary>
public sealed class NodeSelector
{
    private readonly Func<NodeInfo, string?> _exclude;

    private NodeSelector(Func<NodeInfo, string?> exclude) => _exclude = exclude;

    /// <summary>Every node.</summary>
    public static NodeSelector Any { get; } = new(_ => null);

    /// <summary>The node with that identity.</summary>
    /// <param name="id">The process.</param>
    public static NodeSelector ById(NodeId id) =>
        new(node => node.Id == id ? null : $"is not node {id.ToShortString()}");

    /// <summary>The nodes with one of these names, compared ordinally.</summary>
    /// <param name="names">At least one name.</param>
    public static NodeSelector ByName(params ReadOnlySpan<string> names)
    {
        var wanted = names.ToArray().ToImmutableHashSet(StringComparer.Ordinal);
        return new NodeSelector(node => wanted.Contains(node.Name) ? null : $"name is not {string.Join(" or ", wanted.Order(StringComparer.Ordinal))}");
    }

    /// <summary>The nodes whose attribute has that value, compared ordinally.</summary>
    /// <param name="key">The attribute.</param>
    /// <param name="value">Its value.</param>
    public static NodeSelector WithAttribute(string key, string value) => new(node =>
    {
        if (!node.Attributes.TryGetValue(key, out var actual))
        {
            return $"has no attribute {key}";
        }

        return string.Equals(actual, value, StringComparison.Ordinal) ? null : $"attribute {key} is {actual}, not {value}";
    });

    /// <summary>The nodes that have at least these amounts in all, free or not (<c>Grid:Node:Resources</c>).</summary>
    /// <param name="amounts">The amounts.</param>
    public static NodeSelector WithResources(ResourceAmounts amounts)
    {
        ArgumentNullException.ThrowIfNull(amounts);
        return amounts.Count == 0 ? Any : new(node =>
        {
            foreach (var (name, needed) in amounts)
            {
                if (node.AmountOf(name) is var has && has < needed)
                {
                    return string.Create(CultureInfo.InvariantCulture, $"has {(has == 0 ? "no" : has.ToString(CultureInfo.InvariantCulture))} {name}, and {needed} {(needed == 1 ? "is" : "are")} needed");
                }
            }

            return null;
        });
    }

    /// <summary>The nodes for which a predicate of your own holds.</summary>
    /// <param name="rule">The rule in words, for messages: "has a GPU".</param>
    /// <param name="predicate">A pure function; what it throws reaches the caller of the grid operation.</param>
    public static NodeSelector Matching(string rule, Func<NodeInfo, bool> predicate)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(rule);
        ArgumentNullException.ThrowIfNull(predicate);
        return new NodeSelector(node => predicate(node) ? null : $"does not meet the rule: {rule}");
    }

    /// <summary>The nodes that both rules accept.</summary>
    /// <param name="other">The second rule.</param>
    public NodeSelector And(NodeSelector other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new NodeSelector(node => Explain(node) ?? other.Explain(node));
    }

    /// <summary>The nodes that at least one of the rules accepts.</summary>
    /// <param name="other">The second rule.</param>
    public NodeSelector Or(NodeSelector other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new NodeSelector(node => Explain(node) is { } first && other.Explain(node) is { } second ? $"{first}, and {second}" : null);
    }

    /// <summary>Whether the rule accepts a node.</summary>
    /// <param name="node">The node.</param>
    public bool Matches(NodeInfo node) => Explain(node) is null;

    /// <summary>Why the rule excludes a node, as the end of a sentence about it, or <see langword="null"/> when it accepts it.</summary>
    /// <param name="node">The node.</param>
    public string? Explain(NodeInfo node)
    {
        ArgumentNullException.ThrowIfNull(node);
        return _exclude(node);
    }
}
