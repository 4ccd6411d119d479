using System.Buffers;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Grid.Kernel.Compute.Wire;

/// <summary>
/// What follows the argument of a request with <see cref="JobFlags.HasTrailer"/>: the job's name as UTF-8, its length (2 bytes, little-endian), and from which level on its log lines go to
/// the submitter (1 byte). It stands at the end so that jobs without it cost nothing.
/// </summary>
/// <param name="Name">The job's name; empty when it has none.</param>
/// <param name="Log">The level; <see cref="LogLevel.None"/> when no line is wanted.</param>
internal readonly record struct JobTrailer(string Name, LogLevel Log)
{
    public const int NameCharsMax = 128;

    private const int FixedSize = 2 + 1;
    private const int NameBytesMax = NameCharsMax * 3;

    /// <summary>What a request without a trailer stands for.</summary>
    public static JobTrailer None { get; } = new("", LogLevel.None);

    /// <summary>The trailer that a job's options ask for.</summary>
    public static JobTrailer For(JobOptions options)
    {
        var name = options.Name ?? "";
        return new JobTrailer(name.Length > NameCharsMax ? name[..NameCharsMax] : name, options.LogToCaller);
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
        var level = (LogLevel)body[^1];
        if (nameBytes > NameBytesMax || nameBytes > body.Length - FixedSize || level > LogLevel.None)
        {
            return false;
        }

        bytes = nameBytes + FixedSize;
        trailer = new JobTrailer(Encoding.UTF8.GetString(body[^bytes..^FixedSize]), level);
        return true;
    }

    public void Write(IBufferWriter<byte> target)
    {
        var span = target.GetSpan(NameBytesMax + FixedSize);
        var nameBytes = Encoding.UTF8.GetBytes(Name, span);
        span[nameBytes] = (byte)nameBytes;
        span[nameBytes + 1] = (byte)(nameBytes >> 8);
        span[nameBytes + 2] = (byte)Log;
        target.Advance(nameBytes + FixedSize);
    }
}
