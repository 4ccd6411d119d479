namespace Grid.Kernel.ForkJoin.Stealing;

/// <summary>How a stolen task ended. The numbers are part of the wire format.</summary>
internal enum OutcomeStatus : byte
{
    /// <summary>It returned a value.</summary>
    Returned = 0,

    /// <summary>It threw.</summary>
    Threw = 1,

    /// <summary>The thief is no longer in the computation: the victim runs it itself.</summary>
    GivenUp = 2,

    /// <summary>The thief could not read it, or write its outcome: the victim runs it itself and gives that thief nothing more.</summary>
    Unreadable = 3,
}
