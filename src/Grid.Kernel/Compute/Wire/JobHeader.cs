using System.Buffers.Binary;
using Grid.Kernel.Deployment.Code;

namespace Grid.Kernel.Compute.Wire;

/// <summary>
/// What stands before the serialized delegate and argument of an <see cref="MessageKinds.Execute"/> request: 50 bytes, little-endian.
/// </summary>
/// <param name="Number">The submitter's number of the job, at least 1.</param>
/// <param name="Attempt">1 to 100.</param>
/// <param name="RemainingMs">How long the submitter still waits, in milliseconds; -1 without a limit.</param>
/// <param name="Flags">What the submitter wants besides the result, and which parts follow.</param>
/// <param name="DelegateBytes">The length of the serialized delegate; the argument, if any, follows it to the end.</param>
internal readonly record struct JobHeader(long Number, int Attempt, long RemainingMs, JobFlags Flags, int DelegateBytes)
{
    public const int Size = 8 + 4 + 8 + 1 + 4 + 1 + CodeSetId.Size + 8;

    /// <summary>The largest <see cref="RemainingMs"/> that is taken: about 292 years would overflow a timestamp, so 100 years.</summary>
    private const long RemainingMsMax = 100L * 365 * 24 * 3600 * 1000;

    private const byte Version = 2;

    /// <summary>The code that the job needs; none when the platform's is enough.</summary>
    public CodeSetId Code { get; init; }

    /// <summary>The submitter's number of the call; 0 for a call of a single job, unless <see cref="JobFlags.PrivateCode"/> asks for one.</summary>
    public long Call { get; init; }

    public CodeIsolation Isolation => (Flags & (JobFlags.IsolatedCode | JobFlags.PrivateCode)) switch
    {
        JobFlags.None => CodeIsolation.Shared,
        JobFlags.IsolatedCode => CodeIsolation.Isolated,
        _ => CodeIsolation.Private,
    };

    public static bool TryRead(ReadOnlySpan<byte> source, out JobHeader header)
    {
        header = default;
        if (source.Length < Size || source[0] != Version)
        {
            return false;
        }

        header = new JobHeader(
            BinaryPrimitives.ReadInt64LittleEndian(source[1..]),
            BinaryPrimitives.ReadInt32LittleEndian(source[9..]),
            BinaryPrimitives.ReadInt64LittleEndian(source[13..]),
            (JobFlags)source[21],
            BinaryPrimitives.ReadInt32LittleEndian(source[22..]))
        {
            Code = new CodeSetId(BinaryPrimitives.ReadUInt128LittleEndian(source[26..])),
            Call = BinaryPrimitives.ReadInt64LittleEndian(source[42..]),
        };
        return header.IsSane(source.Length - Size);
    }

    public void Write(Span<byte> target)
    {
        target[0] = Version;
        BinaryPrimitives.WriteInt64LittleEndian(target[1..], Number);
        BinaryPrimitives.WriteInt32LittleEndian(target[9..], Attempt);
        BinaryPrimitives.WriteInt64LittleEndian(target[13..], RemainingMs);
        target[21] = (byte)Flags;
        BinaryPrimitives.WriteInt32LittleEndian(target[22..], DelegateBytes);
        BinaryPrimitives.WriteUInt128LittleEndian(target[26..], Code.Value);
        BinaryPrimitives.WriteInt64LittleEndian(target[42..], Call);
    }

    private bool IsSane(int bodyBytes) =>
        Number >= 1
        && Attempt is >= 1 and <= 100
        && RemainingMs is >= -1 and <= RemainingMsMax
        && (Flags & ~JobFlags.All) == 0
        && Call >= 0
        && ((Flags & JobFlags.PrivateCode) == 0 || Call != 0)
        && DelegateBytes >= 0
        && DelegateBytes <= bodyBytes;
}
