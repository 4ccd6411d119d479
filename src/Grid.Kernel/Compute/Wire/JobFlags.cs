namespace Grid.Kernel.Compute.Wire;

/// <summary>Options of a request. The bits are part of the wire format.</summary>
[Flags]
internal enum JobFlags : byte
{
    /// <summary>A delegate without an argument; only the outcome is wanted.</summary>
    None = 0,

    /// <summary>A serialized argument follows the delegate.</summary>
    HasArgument = 1,

    /// <summary>The submitter wants to know when the job starts and how far it is.</summary>
    WantsNotices = 2,

    /// <summary>The code's static fields are the submitter's own.</summary>
    IsolatedCode = 4,

    /// <summary>The code's static fields are the call's own.</summary>
    PrivateCode = 8,

    /// <summary>A <see cref="JobTrailer"/> ends the request.</summary>
    HasTrailer = 16,

    /// <summary>Every bit that has a meaning.</summary>
    All = HasArgument | WantsNotices | IsolatedCode | PrivateCode | HasTrailer,
}
