namespace Grid.Kernel.Compute.Wire;

/// <summary>How an attempt ended. The numbers are part of the wire format.</summary>
internal enum ReplyStatus : byte
{
    /// <summary>The job returned; its serialized value follows.</summary>
    Returned = 0,

    /// <summary>The job threw; its serialized exception follows.</summary>
    Threw = 1,

    /// <summary>The node did not take the job and ran none of it; the reason follows as UTF-8. Another node may take it.</summary>
    Rejected = 2,

    /// <summary>The job's code or values could not be read on the node; the reason follows as UTF-8.</summary>
    Unreadable = 3,

    /// <summary>The node gave the job up, perhaps in the middle; the reason follows as UTF-8. Another node may take it.</summary>
    GivenUp = 4,

    /// <summary>An operator cancelled the job; who and where follows as UTF-8. It is not to be tried elsewhere.</summary>
    Cancelled = 5,
}
