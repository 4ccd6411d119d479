using System.Collections.Immutable;

namespace Grid.Hosting;

/// <summary>Who a node is and how much it takes on: the section <c>Grid:Node</c>.</summary>
public sealed class NodeOptions
{
    /// <summary>
    /// <c>Name</c>: 1 to 128 characters, unique in the cluster. Empty (default): the machine's name and the first digits of the node's id, which is another
    /// name after every restart. Give a name so that the others see a restart as one, and so that selectors can use it. Of two running nodes with one name the one that joined later counts.
    /// </summary>
    public string Name { get; init; } = "";

    /// <summary>
    /// <c>Slots</c>: how many jobs run at once, 0 to 4,096. 0 (default): one per processor. Each slot is a thread. More suits jobs that
    /// wait for something outside; more than processors slows down jobs that compute.
    /// </summary>
    public int Slots { get; init; }

    /// <summary>
    /// <c>Attributes</c>: facts for placement, such as <c>zone</c>. None by default. With the name they take at most 64 KiB, and every change is
    /// sent to every node.
    /// </summary>
    public ImmutableSortedDictionary<string, string> Attributes { get; init; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>
    /// <c>DrainTimeout</c>: how long a stopping node lets its running jobs finish, 0 to 1 hour, default 20 s. What is left is then cancelled and runs again
    /// elsewhere. Longer delays a deployment, shorter wastes more work. The host has a limit of its own (<c>HostOptions.ShutdownTimeout</c>, 30 s): keep this below it.
    /// </summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// <c>Resources:name</c>: what the node has beside slots, in whole amounts, such as <c>Resources:gpu</c> = 2; none by default. A job that needs some (<see cref="JobOptions.Resources"/>) waits until as much
    /// is free. The others see them as attributes, <c>resource.gpu</c>.
    /// </summary>
    public ResourceAmounts Resources { get; init; } = ResourceAmounts.None;
}
