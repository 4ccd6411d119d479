namespace Grid.Serialization;

/// <summary>A structure that is a view of an array, coded as that array.</summary>
internal sealed class ViewFormatter<TView, T>(Func<TView, T[]?> toArray, Func<T[]?, TView> fromArray) : Formatter<TView>
    where TView : struct
{
    public override IEnumerable<PathStep> StepsOf(object value) => [PathStep.Through(toArray((TView)value))];

    public override void Write(ref PayloadWriter writer, TView value) => Formatters<T[]>.Instance.Write(ref writer, toArray(value)!);

    public override TView Read(ref PayloadReader reader) => fromArray(Formatters<T[]>.Instance.Read(ref reader));
}
