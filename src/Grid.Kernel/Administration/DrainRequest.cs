using System.Text;

namespace Grid.Kernel.Administration;

/// <summary>What an operator wants of a node (1 byte), then who wants it as UTF-8.</summary>
/// <param name="Action">What is wanted.</param>
/// <param name="By">For the node's log; at most 256 characters.</param>
internal readonly record struct DrainRequest(DrainAction Action, string By)
{
    private const int ByCharsMax = 256;

    public static bool TryRead(ReadOnlySpan<byte> source, out DrainRequest request)
    {
        request = default;
        if (source.Length is < 1 or > 1 + (3 * ByCharsMax) || source[0] > (byte)DrainAction.Resume)
        {
            return false;
        }

        request = new DrainRequest((DrainAction)source[0], Encoding.UTF8.GetString(source[1..]));
        return true;
    }

    public byte[] ToBytes()
    {
        var by = Encoding.UTF8.GetBytes(By.Length > ByCharsMax ? By[..ByCharsMax] : By);
        return [(byte)Action, .. by];
    }
}
