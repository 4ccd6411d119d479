using System.Buffers.Binary;

namespace Grid.Serialization;

/// <summary>What makes a graph of a tree: identities of objects, and names of types.</summary>
internal static class GraphWriting
{
    /// <summary>Counts an object with an identity.</summary>
    /// <returns><see langword="false"/> when it came before: a reference to it has been written, and that is all.</returns>
    public static bool TryTrack(this ref PayloadWriter writer, object value)
    {
        var index = writer.State.Objects.Add(value);
        if (index < 0)
        {
            if (writer.State.Objects.Count > writer.State.Options.ObjectsMax)
            {
                throw new ShipmentRefusal(value, $"the graph has more than {writer.State.Options.ObjectsMax} objects (SerializerOptions.ObjectsMax)");
            }

            return true;
        }

        writer.WriteNumberExtension(ExtensionCode.Reference, index);
        return false;
    }

    /// <summary>The same for an object that its reader can only build when it has all of its content: it is numbered after that.</summary>
    public static bool TryTrackLate(this ref PayloadWriter writer, object value)
    {
        var index = writer.State.Objects.Find(value);
        if (index >= 0)
        {
            writer.WriteNumberExtension(ExtensionCode.Reference, index);
            return false;
        }

        if (writer.State.Open.Contains(value))
        {
            throw new ShipmentRefusal(value, "it contains itself, and an immutable collection can only be rebuilt from complete elements");
        }

        writer.State.Open.Add(value);
        return true;
    }

    public static void EndTrackLate(this ref PayloadWriter writer, object value)
    {
        writer.State.Open.RemoveAt(writer.State.Open.Count - 1);
        writer.State.Objects.Add(value);
    }

    /// <summary>Begins the wrapper of a value whose type is not the static one: <c>[type, body]</c>.</summary>
    public static void WriteTypeHeader(this ref PayloadWriter writer, Formatter formatter)
    {
        writer.WriteByte(MessagePackCode.FixArray | 2);
        var known = formatter.WellKnownId;
        if (known >= 0)
        {
            writer.WriteNumberExtension(ExtensionCode.TypeIndex, known);
            return;
        }

        var index = writer.State.Types.Add(formatter);
        if (index >= 0)
        {
            writer.WriteNumberExtension(ExtensionCode.TypeIndex, WellKnownTypes.Reserved + index);
            return;
        }

        if (writer.State.Types.Count > writer.State.Options.TypesMax)
        {
            throw new ShipmentRefusal(null, formatter.WireType, $"the graph has more than {writer.State.Options.TypesMax} types (SerializerOptions.TypesMax)");
        }

        writer.WriteName(ExtensionCode.TypeDefinition, writer.State.Code.NameOf(formatter.WireType));
    }

    /// <summary>Writes the name of a type or method, with the module numbers of this payload filled in.</summary>
    public static void WriteName(this ref PayloadWriter writer, sbyte type, WireName name)
    {
        writer.WriteExtensionHeader(type, name.Bytes.Length);
        var start = writer.Position;
        writer.WriteRaw(name.Bytes);
        var written = writer.Written(start);
        for (var i = 0; i < name.Modules.Length; i++)
        {
            var index = writer.State.Modules.IndexOf(name.Modules[i], writer.State.Options.TypesMax);
            BinaryPrimitives.WriteUInt16BigEndian(written[name.Offsets[i]..], (ushort)index);
        }
    }
}
