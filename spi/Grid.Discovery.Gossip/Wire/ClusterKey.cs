using System.Security.Cryptography;
using System.Text;

namespace Grid.Discovery.Gossip.Wire;

/// <summary>
/// The key of one cluster's messages: HKDF-SHA256 (RFC 5869) of the cluster secret, with the cluster's name as the info, so that clusters that share
/// a secret do not understand each other. Without a secret it keeps clusters of one machine apart and nobody out.
/// </summary>
internal sealed class ClusterKey
{
    public const int MacBytes = 32;
    private readonly byte[] _key;

    public ClusterKey(string secret, string cluster)
    {
        HasSecret = secret.Length > 0;
        _key = HKDF.DeriveKey(
            HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(HasSecret ? secret : "none"), MacBytes, info: Encoding.UTF8.GetBytes("grid-gossip-1:" + cluster));
    }

    public bool HasSecret { get; }

    /// <summary>Any thread.</summary>
    public void Sign(ReadOnlySpan<byte> data, Span<byte> mac) => HMACSHA256.HashData(_key, data, mac);
}
