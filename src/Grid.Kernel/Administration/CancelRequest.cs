using System.Buffers.Binary;
using System.Text;

namespace Grid.Kernel.Administration;

/// <summary>What an operator wants cancelled: the job (16 and 8 bytes, little-endian), then who wants it as UTF-8.</summary>
/// <param name="Job">The job.</param>
/// <param name="By">For the submitter's exception; at most 256 characters.</param>
internal readonly record struct CancelRequest(JobId Job, string By)
{
    private const int FixedSize = 16 + 8;
    private const int ByCharsMax = 256;

    public static bool TryRead(ReadOnlySpan<byte> source, out CancelRequest request)
    {
        request = default;
        if (source.Length is < FixedSize or > FixedSize + (3 * ByCharsMax))
        {
            return false;
        }

        var submitter = new NodeId(BinaryPrimitives.ReadUInt128LittleEndian(source));
        var number = BinaryPrimitives.ReadInt64LittleEndian(source[16..]);
        request = new CancelRequest(new JobId(submitter, number), Encoding.UTF8.GetString(source[FixedSize..]));
        return true;
    }

    public byte[] ToBytes()
    {
        var by = Encoding.UTF8.GetBytes(By.Length > ByCharsMax ? By[..ByCharsMax] : By);
        var bytes = new byte[FixedSize + by.Length];
        BinaryPrimitives.WriteUInt128LittleEndian(bytes, Job.Submitter.Value);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(16), Job.Number);
        by.CopyTo(bytes, FixedSize);
        return bytes;
    }
}
