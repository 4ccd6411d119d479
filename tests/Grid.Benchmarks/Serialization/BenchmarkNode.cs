namespace Grid.Benchmarks.Serialization;

/// <summary>A node of a graph with identity: children know their parent, so there are cycles.</summary>
public sealed class BenchmarkNode
{
    public int Id { get; set; }

    public string Label { get; set; } = string.Empty;

    public double Weight { get; set; }

    public BenchmarkNode? Parent { get; set; }

    public List<BenchmarkNode> Children { get; set; } = [];

    /// <summary>A tree of so many nodes with fan-out four, with links from children to parents.</summary>
    public static BenchmarkNode Graph(int count)
    {
        var nodes = new BenchmarkNode[count];
        for (var i = 0; i < count; i++)
        {
            var parent = i == 0 ? null : nodes[(i - 1) / 4];
            nodes[i] = new BenchmarkNode { Id = i, Label = $"node {i}", Weight = i * 0.37, Parent = parent };
            parent?.Children.Add(nodes[i]);
        }

        return nodes[0];
    }
}
