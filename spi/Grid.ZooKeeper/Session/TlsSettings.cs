using System.Net.Security;

namespace Grid.ZooKeeper.Session;

/// <summary>The user's TLS settings for one server: with the server's name where none is given.</summary>
internal static class TlsSettings
{
    public static SslClientAuthenticationOptions For(SslClientAuthenticationOptions settings, string host)
    {
        if (!string.IsNullOrEmpty(settings.TargetHost))
        {
            return settings;
        }

        return new SslClientAuthenticationOptions
        {
            TargetHost = host,
            AllowRenegotiation = settings.AllowRenegotiation,
            AllowTlsResume = settings.AllowTlsResume,
            ApplicationProtocols = settings.ApplicationProtocols,
            CertificateChainPolicy = settings.CertificateChainPolicy,
            CertificateRevocationCheckMode = settings.CertificateRevocationCheckMode,
            CipherSuitesPolicy = settings.CipherSuitesPolicy,
            ClientCertificateContext = settings.ClientCertificateContext,
            ClientCertificates = settings.ClientCertificates,
            EnabledSslProtocols = settings.EnabledSslProtocols,
            EncryptionPolicy = settings.EncryptionPolicy,
            LocalCertificateSelectionCallback = settings.LocalCertificateSelectionCallback,
            RemoteCertificateValidationCallback = settings.RemoteCertificateValidationCallback,
        };
    }
}
