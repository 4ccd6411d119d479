using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Grid.ZooKeeper.Auth;

/// <summary>The client's side of SASL DIGEST-MD5 as ZooKeeper uses it (RFC 2831, algorithm md5-sess, qop auth).</summary>
[SuppressMessage("Security", "CA5351", Justification = "The mechanism is defined with MD5; the documentation says to use it inside TLS only.")]
internal static class DigestMd5
{
    private const string DigestUri = "zookeeper/zk-sasl-md5";
    private const string NonceCount = "00000001";
    private const int ChallengeBytesMax = 4096;

    /// <summary>Answers the server's challenge.</summary>
    /// <param name="challenge">The challenge.</param>
    /// <param name="credential">User and password.</param>
    /// <param name="clientNonce">Random text of this client.</param>
    /// <exception cref="FormatException">The challenge is not one of DIGEST-MD5.</exception>
    public static byte[] Respond(ReadOnlySpan<byte> challenge, SaslCredential credential, string clientNonce)
    {
        var fields = Parse(challenge);
        if (!fields.TryGetValue("nonce", out var nonce))
        {
            throw new FormatException("The server's SASL challenge has no nonce: it is not one of DIGEST-MD5.");
        }

        var realm = fields.GetValueOrDefault("realm", "");
        var response = Hash(
            $"{Convert.ToHexStringLower(SessionKey(credential, realm, nonce, clientNonce))}:{nonce}:{NonceCount}:{clientNonce}:auth:"
            + Hash($"AUTHENTICATE:{DigestUri}"));
        return Encoding.UTF8.GetBytes(
            $"charset=utf-8,username=\"{Escape(credential.User)}\",realm=\"{Escape(realm)}\",nonce=\"{Escape(nonce)}\",nc={NonceCount},cnonce=\"{clientNonce}\","
            + $"digest-uri=\"{DigestUri}\",maxbuf=65536,response={response},qop=auth");
    }

    private static byte[] SessionKey(SaslCredential credential, string realm, string nonce, string clientNonce)
    {
        var secret = MD5.HashData(Encoding.UTF8.GetBytes($"{credential.User}:{realm}:{credential.Password}"));
        return MD5.HashData([.. secret, .. Encoding.UTF8.GetBytes($":{nonce}:{clientNonce}")]);
    }

    private static string Hash(string text) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(text)));

    private static string Escape(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);

    /// <summary>Reads <c>key=value,key="quoted value"</c>.</summary>
    private static Dictionary<string, string> Parse(ReadOnlySpan<byte> challenge)
    {
        if (challenge.Length > ChallengeBytesMax)
        {
            throw new FormatException($"The server's SASL challenge has {challenge.Length} bytes; at most {ChallengeBytesMax} are taken.");
        }

        var text = Encoding.UTF8.GetString(challenge);
        var fields = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        for (var position = 0; position < text.Length;)
        {
            var equals = text.IndexOf('=', position);
            if (equals < 0)
            {
                break;
            }

            var key = text[position..equals].Trim(' ', ',');
            position = equals + 1;
            fields.TryAdd(key, position < text.Length && text[position] == '"' ? ReadQuoted(text, ref position) : ReadPlain(text, ref position));
        }

        return fields;
    }

    private static string ReadPlain(string text, ref int position)
    {
        var comma = text.IndexOf(',', position);
        var end = comma < 0 ? text.Length : comma;
        var value = text[position..end];
        position = end + 1;
        return value;
    }

    private static string ReadQuoted(string text, ref int position)
    {
        var value = new StringBuilder();
        for (position++; position < text.Length && text[position] != '"'; position++)
        {
            position += text[position] == '\\' && position + 1 < text.Length ? 1 : 0;
            value.Append(text[position]);
        }

        position++;
        return value.ToString();
    }
}
