namespace Grid.Serialization;

/// <summary>One step from a value to something that it holds.</summary>
/// <param name="Kind">How the step is shown.</param>
/// <param name="Label">The name of the field, the key or the index.</param>
/// <param name="Child">What it leads to.</param>
internal readonly record struct PathStep(PathStepKind Kind, string Label, object? Child)
{
    /// <summary>A field, shown as <c>→ Owner.field</c>.</summary>
    public static PathStep Field(Type owner, string name, object? child) =>
        TypeNaming.IsOuterClosure(name) ? Through(child) : new(PathStepKind.Hop, $"{TypeNaming.Friendly(owner)}.{TypeNaming.FieldName(name)}", child);

    /// <summary>Something with a name of its own, shown as <c>→ name</c>.</summary>
    public static PathStep Named(string name, object? child) => new(PathStepKind.Hop, name, child);

    /// <summary>An element, shown as <c>[index]</c>.</summary>
    public static PathStep Element(object? index, object? child) =>
        new(PathStepKind.Suffix, index is string text ? $"[\"{text}\"]" : $"[{index}]", child);

    /// <summary>A step that the reader of a message need not know of.</summary>
    public static PathStep Through(object? child) => new(PathStepKind.Hidden, string.Empty, child);
}
