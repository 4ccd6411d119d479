using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Grid.Communication.Tcp.Tests;

/// <summary>A certificate authority of one test, whose certificates are files in a folder of their own.</summary>
internal sealed class TestAuthority : IDisposable
{
    public const string ServerUsage = "1.3.6.1.5.5.7.3.1";
    public const string ClientUsage = "1.3.6.1.5.5.7.3.2";

    /// <summary>Inside the validity of what is issued, unless a test issues something else.</summary>
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("grid-tls-");
    private readonly X509Certificate2 _root;
    private int _issued;

    public TestAuthority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Grid test root", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        _root = request.CreateSelfSigned(Now.AddDays(-2), Now.AddDays(30));
        RootFile = Write("root.pem", _root.ExportCertificatePem());
        RootDerFile = Write("root.der", _root.RawData);
    }

    public string RootFile { get; }

    public string RootDerFile { get; }

    /// <summary>Certificate and key in one PEM file, good for everything.</summary>
    public string IssuePem(string name) => Write($"{++_issued}.pem", Pem(Issue(name)));

    public string IssuePem(X509Certificate2 certificate) => Write($"{++_issued}.pem", Pem(certificate));

    public TlsOptions Options(string name) => new() { Certificate = IssuePem(name), TrustedRoot = RootFile };

    public X509Certificate2 Issue(
        string name, TimeSpan? validFor = null, string[]? usages = null, X509KeyUsageFlags keyUsage = X509KeyUsageFlags.DigitalSignature)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509KeyUsageExtension(keyUsage, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([.. (usages ?? [ServerUsage, ClientUsage]).Select(usage => new Oid(usage))], critical: false));
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(_root, Now.AddDays(-2), Now + (validFor ?? TimeSpan.FromDays(20)), BitConverter.GetBytes(++_issued));
        return certificate.CopyWithPrivateKey(key);
    }

    public string Write(string file, string text) => Write(file, System.Text.Encoding.UTF8.GetBytes(text));

    public string Write(string file, byte[] bytes)
    {
        var path = Path.Combine(_folder.FullName, file);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    public void Dispose()
    {
        _root.Dispose();
        _folder.Delete(recursive: true);
    }

    private static string Pem(X509Certificate2 certificate)
    {
        using var key = certificate.GetECDsaPrivateKey()!;
        return $"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n";
    }
}
