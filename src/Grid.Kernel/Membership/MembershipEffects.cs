namespace Grid.Kernel.Membership;

/// <summary>What <see cref="MembershipService"/> is to do after a step of the machine.</summary>
[Flags]
internal enum MembershipEffects
{
    None = 0,

    /// <summary>The view is another one: publish it with the changes of the step.</summary>
    PublishView = 1,

    /// <summary>The membership was lost: fence the node.</summary>
    Fence = 2,

    /// <summary>Try to rejoin.</summary>
    ScheduleRejoin = 4,

    /// <summary>The node is a member again: lift the fence.</summary>
    LiftFence = 8,

    /// <summary>The local record was seen in the registry for the first time in this membership.</summary>
    ConfirmLocal = 16,

    /// <summary>Another process joined later under the local node's name; the others now ignore this one.</summary>
    ReportSuperseded = 32,
}
