namespace Grid.Serialization;

/// <summary>
/// How one type is written and read. There is one formatter per type and process, made on first use (<see cref="Formatters{T}"/>), stateless
/// after that. A constructor must not touch the formatters of other types: type initializers of mutually recursive types would see each other half-made.
/// </summary>
internal abstract class Formatter
{
    private int _wellKnownId = -2;

    /// <summary>The type whose name goes on the wire when the static type does not tell.</summary>
    public abstract Type WireType { get; }

    /// <summary>Whether a value holds no object with an identity, no name of a type, and nothing that can be refused except by a limit.</summary>
    public virtual bool IsLeaf => false;

    /// <summary>
    /// Whether a whole payload of exactly this type may go straight into the output: nothing of it can be refused half-way except by a limit, and it names no module.
    /// </summary>
    public virtual bool IsDirect => IsLeaf;

    /// <summary>Whether a value is complete as soon as it has been read: nothing in it can lead back to something that is still being read.</summary>
    public virtual bool IsSelfContained => IsLeaf;

    /// <summary>The least number of bytes that a value takes on the wire.</summary>
    public virtual int BytesMin => 1;

    public int WellKnownId
    {
        get
        {
            if (_wellKnownId == -2)
            {
                _wellKnownId = WellKnownTypes.IdOf(WireType);
            }

            return _wellKnownId;
        }
    }

    /// <summary>Writes a value, or null, where the static type is this one.</summary>
    public abstract void WriteAny(ref PayloadWriter writer, object? value);

    /// <summary>Reads it.</summary>
    public abstract object? ReadAny(ref PayloadReader reader);

    /// <summary>Writes a value of exactly this type where the static type is another one: with its type.</summary>
    public abstract void WriteTyped(ref PayloadWriter writer, object value);

    /// <summary>Reads what <see cref="WriteTyped"/> wrote after the type.</summary>
    public abstract object ReadTyped(ref PayloadReader reader);

    /// <summary>Why this very value cannot be shipped, not counting what it holds; used to find the path after a refusal.</summary>
    public virtual string? RefusalOf(object value) => null;

    /// <summary>What a value holds, in the order in which it is written; used to find the path after a refusal.</summary>
    public virtual IEnumerable<PathStep> StepsOf(object value) => [];
}
