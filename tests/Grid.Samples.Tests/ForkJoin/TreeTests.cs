using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Grid.Hosting;
using Grid.Samples.ForkJoin;

namespace Grid.Samples.Tests.ForkJoin;

public sealed class TreeTests
{
    [Fact]
    [SuppressMessage("Security", "CA5350", Justification = "The benchmark is defined with it; nothing is protected by it.")]
    public void A_node_is_the_SHA_1_digest_of_its_parent_and_its_index()
    {
        var random = new Random(1);
        for (var path = 0; path < 100; path++)
        {
            var seed = random.Next();
            var node = TreeNode.Root(seed);
            var expected = SHA1.HashData([.. new byte[16], .. BigEndian(seed)]);
            for (var step = 0; step < 10; step++)
            {
                Assert.Equal(expected, BytesOf(node));
                var child = random.Next(100);
                node = node.Child(child);
                expected = SHA1.HashData([.. expected, .. BigEndian(child)]);
            }

            Assert.Equal(10, node.Height);
        }
    }

    [Fact]
    public void Counts_add_up_by_the_node_that_counted()
    {
        var count = TreeCount.OfOne(0, isLeaf: false, "a").Plus(TreeCount.OfOne(1, isLeaf: true, "a"));
        var elsewhere = TreeCount.OfOne(1, isLeaf: false, "b").Plus(TreeCount.OfOne(2, isLeaf: true, "a")).Plus(TreeCount.OfOne(2, isLeaf: true, "c"));

        var sum = count.Plus(elsewhere);

        Assert.Equal((5, 3, 2), (sum.Nodes, sum.Leaves, sum.Depth));
        Assert.Equal([("a", 3), ("b", 1), ("c", 1)], sum.Shares.Select(share => (share.Key, share.Value)));
    }

    [Theory]
    [Trait("Lane", "loopback")]
    [InlineData("T1")]
    [InlineData("T2")]
    [InlineData("T3")]
    [InlineData("T5")]
    public async Task A_node_counts_the_published_tree_exactly(string name)
    {
        var known = KnownTree.All[name];
        await using var local = await LocalGrid.StartAsync(new LocalGridOptions { Nodes = 1, SlotsPerNode = 3 });

        var count = await local.Client.InvokeAsync(new TreeTask(known.Tree, TreeNode.Root(known.Tree.Seed)));

        Assert.Equal((known.Nodes, known.Depth, known.Leaves), (count.Nodes, count.Depth, count.Leaves));
    }

    private static byte[] BytesOf(in TreeNode node) =>
        [.. BigEndian(unchecked((int)node.A)), .. BigEndian(unchecked((int)node.B)), .. BigEndian(unchecked((int)node.C)), .. BigEndian(unchecked((int)node.D)), .. BigEndian(unchecked((int)node.E))];

    private static byte[] BigEndian(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }
}
