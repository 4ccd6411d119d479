namespace Grid.Spi;

/// <summary>How an attempt of a job failed.</summary>
public enum AttemptFailureKind
{
    /// <summary>Its node was lost, or could not be reached.</summary>
    Lost = 0,

    /// <summary>Its node refused it and ran none of it.</summary>
    Rejected = 1,

    /// <summary>Its node gave it up, perhaps in the middle: it stops, or lost its membership.</summary>
    GivenUp = 2,

    /// <summary>The job's code threw an exception.</summary>
    Threw = 3,
}
