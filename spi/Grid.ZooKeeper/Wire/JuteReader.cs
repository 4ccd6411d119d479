using System.Buffers.Binary;
using System.Text;

namespace Grid.ZooKeeper.Wire;

/// <summary>Reads jute records from one frame. Every length is checked against what is left before anything is allocated.</summary>
internal ref struct JuteReader(ReadOnlySpan<byte> frame)
{
    private readonly ReadOnlySpan<byte> _frame = frame;
    private int _position;

    public readonly int Remaining => _frame.Length - _position;

    public int ReadInt() => BinaryPrimitives.ReadInt32BigEndian(Take(4));

    public long ReadLong() => BinaryPrimitives.ReadInt64BigEndian(Take(8));

    public bool ReadBool() => Take(1)[0] != 0;

    public byte[]? ReadBuffer()
    {
        var length = ReadInt();
        return length == -1 ? null : Take(length).ToArray();
    }

    public string ReadString()
    {
        var length = ReadInt();
        return length <= 0 && length >= -1 ? "" : Encoding.UTF8.GetString(Take(length));
    }

    /// <summary>Reads a vector's count; null counts as empty.</summary>
    /// <param name="elementBytesMin">The fewest bytes that one element takes, which bounds a count that can be true.</param>
    public int ReadCount(int elementBytesMin)
    {
        var count = ReadInt();
        if (count < -1 || (long)count * elementBytesMin > Remaining)
        {
            throw new JuteFormatException($"A vector claims {count} elements, but only {Remaining} bytes follow.");
        }

        return Math.Max(count, 0);
    }

    public string[] ReadStrings()
    {
        var strings = new string[ReadCount(4)];
        for (var i = 0; i < strings.Length; i++)
        {
            strings[i] = ReadString();
        }

        return strings;
    }

    public Stat ReadStat()
    {
        var czxid = ReadLong();
        var mzxid = ReadLong();
        var ctime = ReadLong();
        var mtime = ReadLong();
        var version = ReadInt();
        var cversion = ReadInt();
        var aversion = ReadInt();
        var owner = ReadLong();
        var dataLength = ReadInt();
        var children = ReadInt();
        return new Stat(czxid, mzxid, ctime, mtime, version, cversion, aversion, owner, dataLength, children, ReadLong());
    }

    public Acl[] ReadAcls()
    {
        var acls = new Acl[ReadCount(12)];
        for (var i = 0; i < acls.Length; i++)
        {
            acls[i] = new Acl((AclPermissions)ReadInt(), ReadString(), ReadString());
        }

        return acls;
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length < 0 || length > Remaining)
        {
            throw new JuteFormatException($"A field of {length} bytes does not fit into the {Remaining} bytes that are left of its frame.");
        }

        var taken = _frame.Slice(_position, length);
        _position += length;
        return taken;
    }
}
