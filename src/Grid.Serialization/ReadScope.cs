namespace Grid.Serialization;

/// <summary>What a payload is read for. The default is outside any job and with the serializer's own catalog.</summary>
public readonly struct ReadScope
{
    /// <summary>
    /// The token of the job that the payload belongs to. Every <see cref="System.Threading.CancellationToken"/> in the payload arrives as this one,
    /// except that one which was cancelled when it was written arrives cancelled.
    /// </summary>
    public CancellationToken CancellationToken { get; init; }

    /// <summary>Asked for the token instead, once the payload turns out to hold one; <see langword="null"/> to take <see cref="CancellationToken"/>.</summary>
    public ITokenOwner? TokenOwner { get; init; }

    /// <summary>Where to find assemblies for this read, such as those of one load context; <see langword="null"/> for the serializer's own.</summary>
    public IModuleCatalog? Modules { get; init; }
}
