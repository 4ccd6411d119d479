namespace Grid.Serialization;

/// <summary>How a step of a path is shown.</summary>
internal enum PathStepKind
{
    /// <summary>After an arrow.</summary>
    Hop,

    /// <summary>Appended to the step before.</summary>
    Suffix,

    /// <summary>Not at all.</summary>
    Hidden,
}
