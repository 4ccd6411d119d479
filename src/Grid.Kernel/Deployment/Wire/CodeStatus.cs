namespace Grid.Kernel.Deployment.Wire;

/// <summary>How a request for code was answered. The numbers are part of the wire format.</summary>
internal enum CodeStatus : byte
{
    /// <summary>The bytes follow.</summary>
    Given = 0,

    /// <summary>The peer does not have it.</summary>
    Unknown = 1,

    /// <summary>The peer does not give code, or cannot at this moment; the reason follows as UTF-8.</summary>
    Refused = 2,
}
