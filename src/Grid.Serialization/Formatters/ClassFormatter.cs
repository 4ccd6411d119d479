using System.Runtime.CompilerServices;

namespace Grid.Serialization;

/// <summary>
/// A type of objects: null, references to objects that came before, and values of derived types are dealt with here; subclasses write and
/// read the content of an object of exactly this type.
/// </summary>
/// <param name="tracking">When an object gets its number.</param>
internal abstract class ClassFormatter<T>(Tracking tracking) : Formatter<T>
    where T : class
{
    // In a field: in code that all reference types share, typeof(T) is a lookup of some nanoseconds.
    private readonly Type _type = typeof(T);

    /// <summary>The type of the objects.</summary>
    protected Type ExactType => _type;

    /// <summary>Writes the content of an object whose type is exactly this one.</summary>
    protected abstract void WriteBody(ref PayloadWriter writer, T value);

    /// <summary>Reads it. With <see cref="Tracking.Early"/> this registers the object before it reads what the object holds.</summary>
    protected abstract T ReadBody(ref PayloadReader reader);

    public sealed override void Write(ref PayloadWriter writer, T value)
    {
        if (value is null)
        {
            writer.WriteNil();
        }
        else if (value.GetType() != _type)
        {
            FormatterIndex.Of(value.GetType()).WriteTyped(ref writer, value);
        }
        else if (TryTrack(ref writer, value))
        {
            WriteTracked(ref writer, value);
        }
    }

    /// <summary>Writes an object as one of exactly this type, whatever it is.</summary>
    public void WriteExact(ref PayloadWriter writer, T value)
    {
        if (TryTrack(ref writer, value))
        {
            WriteTracked(ref writer, value);
        }
    }

    public sealed override void WriteTyped(ref PayloadWriter writer, object value) => WriteTyped(ref writer, value, this);

    /// <summary>The same where the type goes by another formatter's name.</summary>
    public void WriteTyped(ref PayloadWriter writer, object value, Formatter named)
    {
        if (TryTrack(ref writer, value))
        {
            writer.WriteTypeHeader(named);
            WriteTracked(ref writer, Unsafe.As<T>(value));
        }
    }

    public sealed override T Read(ref PayloadReader reader)
    {
        var code = reader.Peek();
        if (code == MessagePackCode.Nil)
        {
            reader.TryReadNil();
            return null!;
        }

        if (code is (MessagePackCode.FixArray | 2) or (>= MessagePackCode.FixExt1 and <= MessagePackCode.FixExt4))
        {
            if (reader.PeekExtension() == ExtensionCode.Reference || reader.IsTyped())
            {
                return PolymorphicReading.Read<T>(ref reader);
            }
        }

        return ReadTracked(ref reader);
    }

    public sealed override object ReadTyped(ref PayloadReader reader) => ReadTracked(ref reader);

    private bool TryTrack(ref PayloadWriter writer, object value) => tracking switch
    {
        Tracking.None => true,
        Tracking.Early => writer.TryTrack(value),
        _ => writer.TryTrackLate(value),
    };

    private void WriteTracked(ref PayloadWriter writer, T value)
    {
        writer.Enter();
        WriteBody(ref writer, value);
        writer.Leave();
        if (tracking == Tracking.Late)
        {
            writer.EndTrackLate(value);
        }
    }

    private T ReadTracked(ref PayloadReader reader)
    {
        reader.Enter();
        var value = ReadBody(ref reader);
        reader.Leave();
        if (tracking == Tracking.Late)
        {
            reader.Register(value);
        }

        return value;
    }
}
