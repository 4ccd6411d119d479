using System.Buffers;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Grid.Kernel.Compute.Wire;

/// <summary>
/// What follows the argument of a request with <see cref="JobFlags.HasTrailer"/>: its <see cref="AdmissionTerms"/> and their length (2 bytes, little-endian), if it has any; the job's name as UTF-8 and its length (2 bytes); and
/// from which level on its log lines go to the submitter (1 byte, of which the highest bit says whether there are terms). It stands at the end so that jobs without it cost nothing.
/// </summary>
/// <param name="Name">The job's name; empty when it has none.</param>
/// <param name="Log">The level; <see cref="LogLevel.None"/> when no line is wanted.</param>
internal readonly record struct JobTrailer(string Name, LogLevel Log)
{
    public const int NameCharsMax = 128;

    private const int FixedSize = 2 + 1;
    private const int NameBytesMax = NameCharsMax * 3;
    private const byte HasTerms = 0x80;

    /// <summary>What a request without a trailer stands for.</summary>
    public static JobTrailer None { get; } = new("", LogLevel.None);

    /// <summary>What the job says to the node's collision provider.</summary>
    public AdmissionTerms Terms { get; init; } = AdmissionTerms.None;

    /// <summary>Whether a job's options need a trailer.</summary>
    public static bool IsNeeded(JobOptions options) => options.Name is not null || options.LogToCaller != LogLevel.None || AdmissionTerms.AreIn(options);

    /// <summary>The trailer that a job's options ask for.</summary>
    public static JobTrailer For(JobOptions options)
    {
        var name = options.Name ?? "";
        return new JobTrailer(name.Length > NameCharsMax ? name[..NameCharsMax] : name, options.LogToCaller) { Terms = AdmissionTerms.For(options) };
    }

    /// <summary>Reads it from the end of a request.</summary>
    /// <param name="body">The request without its header and delegate.</param>
    /// <param name="trailer">What was read.</param>
    /// <param name="bytes">How many bytes it takes.</param>
    public static bool TryRead(ReadOnlySpan<byte> body, out JobTrailer trailer, out int bytes)
    {
        trailer = None;
        bytes = 0;
        if (body.Length < FixedSize)
        {
            return false;
        }

        var nameBytes = body[^3] | (body[^2] << 8);
        var level = (LogLevel)(body[^1] & ~HasTerms);
        if (nameBytes > NameBytesMax || nameBytes > body.Length - FixedSize || level > LogLevel.None)
        {
            return false;
        }

        bytes = nameBytes + FixedSize;
        trailer = new JobTrailer(Encoding.UTF8.GetString(body[^bytes..^FixedSize]), level);
        return (body[^1] & HasTerms) == 0 || TryReadTerms(body[..^bytes], ref trailer, ref bytes);
    }

    public void Write(IBufferWriter<byte> target)
    {
        var hasTerms = Terms != AdmissionTerms.None;
        var span = target.GetSpan((hasTerms ? AdmissionTerms.BytesMax + 2 : 0) + NameBytesMax + FixedSize);
        var size = 0;
        if (hasTerms)
        {
            var termsBytes = Terms.Write(span);
            span[termsBytes] = (byte)termsBytes;
            span[termsBytes + 1] = (byte)(termsBytes >> 8);
            size = termsBytes + 2;
        }

        var nameBytes = Encoding.UTF8.GetBytes(Name, span[size..]);
        size += nameBytes;
        span[size] = (byte)nameBytes;
        span[size + 1] = (byte)(nameBytes >> 8);
        span[size + 2] = (byte)((byte)Log | (hasTerms ? HasTerms : 0));
        target.Advance(size + FixedSize);
    }

    private static bool TryReadTerms(ReadOnlySpan<byte> body, ref JobTrailer trailer, ref int bytes)
    {
        if (body.Length < 2)
        {
            return false;
        }

        var termsBytes = body[^2] | (body[^1] << 8);
        if (termsBytes > body.Length - 2 || !AdmissionTerms.TryRead(body[^(termsBytes + 2)..^2], out var terms))
        {
            return false;
        }

        bytes += termsBytes + 2;
        trailer = trailer with { Terms = terms };
        return true;
    }
}
