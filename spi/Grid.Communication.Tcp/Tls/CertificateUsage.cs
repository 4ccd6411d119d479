using System.Security.Cryptography.X509Certificates;

namespace Grid.Communication.Tcp;

/// <summary>The extended key usages of RFC 5280, 4.2.1.12, that a node needs, and chain failures in words.</summary>
internal static class CertificateUsage
{
    public const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    public const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    public static string Explain(X509ChainStatus[] status) => string.Join(", ", status.Select(part => part.Status).Distinct());
}
