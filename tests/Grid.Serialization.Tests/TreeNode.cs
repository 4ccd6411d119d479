namespace Grid.Serialization.Tests;

internal sealed class TreeNode
{
    public int Value;
    public TreeNode? Parent;
    public List<TreeNode> Children = [];
}
