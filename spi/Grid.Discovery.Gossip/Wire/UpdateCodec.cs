namespace Grid.Discovery.Gossip.Wire;

/// <summary>
/// Writes and reads <see cref="MemberUpdate"/>: id (16), incarnation (8), version (4), status (1), address, join order (8), hash (8), record (4 + n), and in a
/// suspicion the accuser (16).
/// </summary>
internal static class UpdateCodec
{
    /// <summary>The least that an update takes, to check counts before anything is allocated.</summary>
    public const int BytesMin = 16 + 8 + 4 + 1 + 9 + 8 + 8 + 4;

    public static void Write(RecordWriter writer, MemberUpdate update)
    {
        writer.WriteUInt128(update.Key.Id.Value);
        writer.WriteInt64(update.Key.Incarnation);
        writer.WriteInt32(unchecked((int)update.Version));
        writer.WriteByte((byte)update.Status);
        AddressCodec.Write(writer, update.Address);
        writer.WriteInt64(update.JoinOrder);
        writer.WriteUInt64(update.RecordHash);
        writer.WriteInt32(update.Record.Length);
        writer.WriteBytes(update.Record.Span);
        if (update.Status == MemberStatus.Suspect)
        {
            writer.WriteUInt128(update.Accuser.Value);
        }
    }

    /// <exception cref="RecordFormatException">The bytes are not an update.</exception>
    public static MemberUpdate Read(ref RecordReader reader)
    {
        var key = new NodeKey(new NodeId(reader.ReadUInt128()), reader.ReadInt64());
        var version = unchecked((uint)reader.ReadInt32());
        var status = (MemberStatus)reader.ReadByte();
        var address = AddressCodec.Read(ref reader);
        var joinOrder = reader.ReadInt64();
        if (key.Incarnation < 1 || joinOrder < 1 || status > MemberStatus.Left || version > int.MaxValue)
        {
            throw new RecordFormatException($"it says of {key} what cannot be: version {version}, status {(int)status}, join order {joinOrder}");
        }

        var hash = reader.ReadUInt64();
        var length = reader.ReadInt32();
        if (length is < 0 or > MemberRecord.BytesMax)
        {
            throw new RecordFormatException($"a record has {length} bytes; expected 0 to {MemberRecord.BytesMax}");
        }

        var record = reader.ReadBytes(length).ToArray();
        var accuser = status == MemberStatus.Suspect ? new NodeId(reader.ReadUInt128()) : default;
        return new MemberUpdate(key, version, status, address, joinOrder, hash, record, accuser);
    }
}
