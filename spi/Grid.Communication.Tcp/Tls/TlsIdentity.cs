using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Grid.Communication.Tcp;

/// <summary>This node's certificate with what leads to the root, and the roots that it trusts.</summary>
internal sealed class TlsIdentity : IDisposable
{
    private static readonly (string Id, string Name)[] Usages = [(CertificateUsage.ServerAuthentication, "server authentication"), (CertificateUsage.ClientAuthentication, "client authentication")];

    private TlsIdentity(X509Certificate2 certificate, X509Certificate2Collection intermediates, X509Certificate2Collection roots)
    {
        Certificate = certificate;
        Roots = roots;

        // Offline: nothing is fetched from addresses that a certificate names.
        Context = SslStreamCertificateContext.Create(certificate, intermediates, offline: true);
    }

    public X509Certificate2 Certificate { get; }

    public X509Certificate2Collection Roots { get; }

    public SslStreamCertificateContext Context { get; }

    /// <summary>Reads the files.</summary>
    /// <param name="options">Names them.</param>
    /// <param name="now">The time at which the certificates have to be valid.</param>
    /// <param name="problems">Gets what is wrong, each entry beginning with the option's name.</param>
    /// <returns>The identity, or <see langword="null"/> when something is wrong.</returns>
    public static TlsIdentity? Load(TlsOptions options, DateTimeOffset now, ICollection<string> problems)
    {
        var before = problems.Count;
        var roots = CertificateFiles.ReadRoots(options.TrustedRoot, problems);
        var chain = CertificateFiles.ReadIdentity(options, problems);
        CheckTime(roots, nameof(TlsOptions.TrustedRoot), now, problems);
        if (chain is [var leaf, ..])
        {
            CheckTime([leaf], nameof(TlsOptions.Certificate), now, problems);
            CheckUsage(leaf, problems);
        }

        if (problems.Count == before)
        {
            CheckChain(chain, roots, now, problems);
        }

        return problems.Count == before ? new TlsIdentity(chain[0], [.. chain.Skip(1)], roots) : null;
    }

    /// <summary>The rules by which a certificate is accepted: issued under one of the roots, and only those, in time, for the usage.</summary>
    /// <param name="roots">The roots.</param>
    /// <param name="usage">What the certificate is used for.</param>
    public static X509ChainPolicy MakePolicy(X509Certificate2Collection roots, string usage)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(roots);
        policy.ApplicationPolicy.Add(new System.Security.Cryptography.Oid(usage));
        return policy;
    }

    public void Dispose() => Certificate.Dispose();

    private static void CheckTime(X509Certificate2Collection certificates, string option, DateTimeOffset now, ICollection<string> problems)
    {
        foreach (var certificate in certificates)
        {
            if (now < certificate.NotBefore || now > certificate.NotAfter)
            {
                problems.Add(
                    $"{option}: the certificate '{certificate.Subject}' is valid from {certificate.NotBefore.ToUniversalTime():u} to {certificate.NotAfter.ToUniversalTime():u}, "
                    + $"and it is {now.ToUniversalTime():u} now. Renew it, or set the clock.");
            }
        }
    }

    private static void CheckUsage(X509Certificate2 certificate, ICollection<string> problems)
    {
        var extended = certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().FirstOrDefault();
        foreach (var (id, name) in Usages)
        {
            if (extended is not null && !extended.EnhancedKeyUsages.Cast<System.Security.Cryptography.Oid>().Any(usage => usage.Value == id))
            {
                problems.Add($"Certificate: '{certificate.Subject}' may not be used for {name}. A node dials and is dialed: issue it for both server and client authentication.");
            }
        }

        if (certificate.Extensions.OfType<X509KeyUsageExtension>().FirstOrDefault() is { } keyUsage && !keyUsage.KeyUsages.HasFlag(X509KeyUsageFlags.DigitalSignature))
        {
            problems.Add($"Certificate: the key of '{certificate.Subject}' may not be used for digital signatures, by which TLS proves who is there. Issue it with that key usage.");
        }
    }

    private static void CheckChain(X509Certificate2Collection chain, X509Certificate2Collection roots, DateTimeOffset now, ICollection<string> problems)
    {
        using var builder = new X509Chain { ChainPolicy = MakePolicy(roots, CertificateUsage.ServerAuthentication) };
        builder.ChainPolicy.ExtraStore.AddRange(chain);
        builder.ChainPolicy.VerificationTimeIgnored = false;
        builder.ChainPolicy.VerificationTime = now.UtcDateTime;
        if (!builder.Build(chain[0]))
        {
            problems.Add(
                $"Certificate: '{chain[0].Subject}' was not issued under TrustedRoot ({CertificateUsage.Explain(builder.ChainStatus)}), so peers that trust the same root would refuse it. "
                + "Give the certificate and the root of the same authority; intermediate certificates belong into the file of the certificate.");
        }
    }
}
