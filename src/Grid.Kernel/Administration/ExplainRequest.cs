using System.Text;

namespace Grid.Kernel.Administration;

/// <summary>Which job an operator wants explained: one byte that says whether the node may ask the submitter, then the job as <see cref="JobId.ToString"/> writes it, in UTF-8.</summary>
/// <param name="Job">The job.</param>
/// <param name="MayAskSubmitter">False in the question that a node passes on, so that it goes one step only.</param>
internal readonly record struct ExplainRequest(string Job, bool MayAskSubmitter)
{
    private const int JobBytesMax = 8 + 1 + 20;

    public static bool TryRead(ReadOnlySpan<byte> source, out ExplainRequest request)
    {
        request = default;
        if (source.Length is < 2 or > 1 + JobBytesMax)
        {
            return false;
        }

        request = new ExplainRequest(Encoding.UTF8.GetString(source[1..]), source[0] != 0);
        return request.TryParse(out _, out _);
    }

    public byte[] ToBytes() => [MayAskSubmitter ? (byte)1 : (byte)0, .. Encoding.UTF8.GetBytes(Job)];

    /// <summary>The first digits of the submitter's id, and its number of the job.</summary>
    /// <returns>False when that is no job.</returns>
    public bool TryParse(out string submitter, out long number)
    {
        var dash = Job.IndexOf('-', StringComparison.Ordinal);
        submitter = dash > 0 ? Job[..dash] : "";
        number = 0;
        return dash == 8 && submitter.All(char.IsAsciiHexDigitLower)
            && long.TryParse(Job.AsSpan(dash + 1), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out number);
    }
}
