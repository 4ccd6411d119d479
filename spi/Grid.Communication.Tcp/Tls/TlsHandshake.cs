using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Grid.Communication.Tcp;

/// <summary>Makes a connection's TLS, blocking the calling thread, which is the connection's own, up to the time limit.</summary>
internal sealed class TlsHandshake(TlsIdentity identity, TimeSpan timeLimit, TimeProvider time)
{
    private const SslProtocols Protocols = SslProtocols.Tls12 | SslProtocols.Tls13;

    /// <summary>Runs the side that connected.</summary>
    /// <exception cref="TlsRefusedException">The peer's certificate was not accepted, or the connection broke, or it took too long.</exception>
    public TlsChannel Dial(TcpPipe pipe, string host) => Run(pipe, (tls, check) => tls.AuthenticateAsClient(new SslClientAuthenticationOptions
    {
        TargetHost = host,
        ClientCertificateContext = identity.Context,
        CertificateChainPolicy = TlsIdentity.MakePolicy(identity.Roots, CertificateUsage.ServerAuthentication),
        RemoteCertificateValidationCallback = check,
        EnabledSslProtocols = Protocols,
        AllowRenegotiation = false,
        AllowTlsResume = false, // Each link shows its certificates.
    }));

    /// <summary>Runs the side that was connected to.</summary>
    /// <exception cref="TlsRefusedException">The peer's certificate was not accepted, or the connection broke, or it took too long.</exception>
    public TlsChannel Accept(TcpPipe pipe) => Run(pipe, (tls, check) => tls.AuthenticateAsServer(new SslServerAuthenticationOptions
    {
        ServerCertificateContext = identity.Context,
        ClientCertificateRequired = true,
        CertificateChainPolicy = TlsIdentity.MakePolicy(identity.Roots, CertificateUsage.ClientAuthentication),
        RemoteCertificateValidationCallback = check,
        EnabledSslProtocols = Protocols,
        AllowRenegotiation = false,
        AllowTlsResume = false,
    }));

    private TlsChannel Run(TcpPipe pipe, Action<SslStream, RemoteCertificateValidationCallback> authenticate)
    {
        var wire = new TlsSocketStream(pipe, time);
        var tls = new SslStream(wire, leaveInnerStreamOpen: true);
        var objection = "";
        wire.BeginHandshake(timeLimit);
        try
        {
            authenticate(tls, (_, _, chain, errors) => (objection = Objection(chain, errors)).Length == 0);
            wire.EndHandshake();
            return new TlsChannel(wire, tls, NameOf(tls.RemoteCertificate));
        }
        catch (Exception error)
        {
            // What a stranger's bytes make the platform throw must not end the process, whatever its type: this is the top of a connection's thread.
            var refused = objection.Length > 0 ? new TlsRefusedException(TlsRefusal.Certificate, objection, error)
                : wire.IsTimeOver ? new TlsRefusedException(TlsRefusal.TimedOut, $"the handshake of TLS took longer than {timeLimit:c}", error)
                : new TlsRefusedException(TlsRefusal.Handshake, $"the handshake of TLS failed: {error.Message}", error);
            tls.Dispose();
            throw refused;
        }
    }

    // The name is not compared with the address: being issued under the root is what counts.
    private static string Objection(X509Chain? chain, SslPolicyErrors errors) => (errors & ~SslPolicyErrors.RemoteCertificateNameMismatch) switch
    {
        SslPolicyErrors.None => "",
        var rest when rest.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable) => "the peer presented no certificate",
        _ => $"the peer's certificate is not accepted: {CertificateUsage.Explain(chain?.ChainStatus ?? [])}",
    };

    private static string NameOf(X509Certificate? certificate)
    {
        if (certificate is not X509Certificate2 full)
        {
            throw new IOException("the peer presented no certificate");
        }

        var name = full.GetNameInfo(X509NameType.DnsName, forIssuer: false);
        return name.Length > 0 ? name : full.Subject;
    }
}
