using System.Runtime.CompilerServices;

namespace Grid.Serialization;

/// <summary>Enumerations, as their numbers.</summary>
internal sealed class EnumFormatter<T, TNumber> : Formatter<T>
    where T : struct, Enum
    where TNumber : struct
{
    public override bool IsLeaf => true;

    public override void Write(ref PayloadWriter writer, T value) => Formatters<TNumber>.Instance.Write(ref writer, Unsafe.As<T, TNumber>(ref value));

    public override T Read(ref PayloadReader reader)
    {
        var number = Formatters<TNumber>.Instance.Read(ref reader);
        return Unsafe.As<TNumber, T>(ref number);
    }
}
