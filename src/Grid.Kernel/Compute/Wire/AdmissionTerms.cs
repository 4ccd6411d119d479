using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Grid.Kernel.Compute.Wire;

/// <summary>
/// What a job's submitter says to the node's collision provider, in a <see cref="JobTrailer"/>: the priority (4 bytes, little-endian), pool and tenant (each a length of 1 byte, then UTF-8), the number of resources
/// (1 byte), and for each its name (as before) and amount (4 bytes).
/// </summary>
/// <param name="Priority"><see cref="JobOptions.Priority"/>.</param>
/// <param name="Pool"><see cref="JobOptions.Pool"/>; empty for none.</param>
/// <param name="Tenant"><see cref="JobOptions.Tenant"/>; empty for none.</param>
/// <param name="Resources"><see cref="JobOptions.Resources"/>.</param>
internal sealed record AdmissionTerms(int Priority, string Pool, string Tenant, ResourceAmounts Resources)
{
    public const int BytesMax = 4 + (2 * TextBytesMax) + 1 + (ResourceAmounts.CountMax * (TextBytesMax + 4));

    private const int TextBytesMax = 1 + (3 * JobOptions.ShareNameCharsMax);

    /// <summary>What a job without any says.</summary>
    public static AdmissionTerms None { get; } = new(0, "", "", ResourceAmounts.None);

    /// <summary>Whether a job's options say any of it.</summary>
    public static bool AreIn(JobOptions options) => options.Priority != 0 || options.Pool is not null || options.Tenant is not null || options.Resources.Count > 0;

    public static AdmissionTerms For(JobOptions options) =>
        AreIn(options) ? new AdmissionTerms(options.Priority, options.Pool ?? "", options.Tenant ?? "", options.Resources) : None;

    /// <summary>Reads terms that take all of the source.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, [NotNullWhen(true)] out AdmissionTerms? terms)
    {
        terms = null;
        if (source.Length < 4 + 1 + 1 + 1)
        {
            return false;
        }

        var priority = BinaryPrimitives.ReadInt32LittleEndian(source);
        source = source[4..];
        if (priority is < JobOptions.PriorityMin or > JobOptions.PriorityMax || !TryReadText(ref source, out var pool) || !TryReadText(ref source, out var tenant)
            || !TryReadResources(source, out var resources))
        {
            return false;
        }

        terms = new AdmissionTerms(priority, pool, tenant, resources);
        return true;
    }

    /// <summary>Writes the terms.</summary>
    /// <param name="target">At least <see cref="BytesMax"/> bytes.</param>
    /// <returns>How many were written.</returns>
    public int Write(Span<byte> target)
    {
        BinaryPrimitives.WriteInt32LittleEndian(target, Priority);
        var size = 4;
        size += WriteText(target[size..], Pool);
        size += WriteText(target[size..], Tenant);
        target[size++] = (byte)Resources.Count;
        foreach (var (name, amount) in Resources)
        {
            size += WriteText(target[size..], name);
            BinaryPrimitives.WriteInt32LittleEndian(target[size..], amount);
            size += 4;
        }

        return size;
    }

    private static int WriteText(Span<byte> target, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text, target[1..]);
        target[0] = (byte)bytes;
        return bytes + 1;
    }

    private static bool TryReadText(ref ReadOnlySpan<byte> source, out string text)
    {
        text = "";
        if (source.IsEmpty || source[0] > source.Length - 1)
        {
            return false;
        }

        text = source[0] == 0 ? "" : Encoding.UTF8.GetString(source.Slice(1, source[0]));
        source = source[(1 + source[0])..];
        return text.Length <= JobOptions.ShareNameCharsMax;
    }

    private static bool TryReadResources(ReadOnlySpan<byte> source, out ResourceAmounts resources)
    {
        resources = ResourceAmounts.None;
        if (source.IsEmpty || source[0] > ResourceAmounts.CountMax)
        {
            return false;
        }

        var amounts = new KeyValuePair<string, int>[source[0]];
        source = source[1..];
        for (var index = 0; index < amounts.Length; index++)
        {
            if (!TryReadText(ref source, out var name) || source.Length < 4)
            {
                return false;
            }

            amounts[index] = new(name, BinaryPrimitives.ReadInt32LittleEndian(source));
            source = source[4..];
        }

        return source.IsEmpty && ResourceAmounts.TryFrom(amounts, out resources);
    }
}
