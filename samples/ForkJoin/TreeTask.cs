namespace Grid.Samples.ForkJoin;

/// <summary>Counts a subtree: one task per node of the tree, however small what hangs below it.</summary>
internal sealed class TreeTask(Tree tree, TreeNode node) : ForkJoinTask<TreeCount>
{
    protected override TreeCount Compute()
    {
        var children = tree.ChildrenOf(in node);
        var count = TreeCount.OfOne(node.Height, isLeaf: children == 0, JobContext.Current!.Node.Name);
        if (children == 0)
        {
            return count;
        }

        var forked = new TreeTask[children - 1];
        for (var i = 0; i < forked.Length; i++)
        {
            forked[i] = new TreeTask(tree, node.Child(i));
            forked[i].Fork();
        }

        count = count.Plus(new TreeTask(tree, node.Child(children - 1)).Invoke());
        for (var i = forked.Length - 1; i >= 0; i--)
        {
            count = count.Plus(forked[i].Join());
        }

        return count;
    }
}
