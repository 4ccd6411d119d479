using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Grid.Kernel.Administration;

/// <summary>How a node answers a <see cref="DrainRequest"/>: 0 when it is carried out; else 1, then the reason as UTF-8.</summary>
/// <param name="Refusal">Why it is not carried out; null when it is.</param>
internal readonly record struct DrainAnswer(string? Refusal)
{
    public static bool TryRead(ReadOnlySpan<byte> source, [NotNullWhen(true)] out DrainAnswer? answer)
    {
        answer = source switch
        {
            [0] => new DrainAnswer(null),
            [1, .. var reason] => new DrainAnswer(Encoding.UTF8.GetString(reason)),
            _ => null,
        };
        return answer is not null;
    }

    public byte[] ToBytes() => Refusal is null ? [0] : [1, .. Encoding.UTF8.GetBytes(Refusal)];
}
