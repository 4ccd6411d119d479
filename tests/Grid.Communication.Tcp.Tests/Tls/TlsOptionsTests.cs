using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging.Abstractions;

namespace Grid.Communication.Tcp.Tests;

/// <summary>What is wrong with the files is said at start, one sentence each.</summary>
public sealed class TlsOptionsTests : IDisposable
{
    private readonly TestAuthority _authority = new();

    public void Dispose() => _authority.Dispose();

    [Fact]
    public void Pem_with_its_key_is_accepted() => Assert.Empty(Problems(_authority.Options("node")));

    [Fact]
    public void A_root_in_der_is_accepted() =>
        Assert.Empty(Problems(new TlsOptions { Certificate = _authority.IssuePem("node"), TrustedRoot = _authority.RootDerFile }));

    [Fact]
    public void A_key_in_a_file_of_its_own_is_accepted()
    {
        using var certificate = _authority.Issue("node");
        var (leaf, key) = (_authority.Write("leaf.pem", certificate.ExportCertificatePem()), _authority.Write("key.pem", KeyOf(certificate)));

        Assert.Empty(Problems(new TlsOptions { Certificate = leaf, CertificateKey = key, TrustedRoot = _authority.RootFile }));
    }

    [Theory]
    [InlineData("right", 0)]
    [InlineData("wrong", 1)]
    public void Pfx_is_read_with_its_password(string password, int problems)
    {
        using var certificate = _authority.Issue("node");
        var file = _authority.Write("node.pfx", certificate.Export(X509ContentType.Pkcs12, "right"));

        var found = Problems(new TlsOptions { Certificate = file, CertificatePassword = password, TrustedRoot = _authority.RootFile });

        Assert.Equal(problems, found.Count);
        Assert.All(found, problem => Assert.DoesNotContain(password, problem, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("right", 0)]
    [InlineData("", 1)]
    public void An_encrypted_key_is_read_with_its_password(string password, int problems)
    {
        using var certificate = _authority.Issue("node");
        using var key = certificate.GetECDsaPrivateKey()!;
        var encrypted = key.ExportEncryptedPkcs8PrivateKeyPem("right", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000));
        var file = _authority.Write("node.pem", certificate.ExportCertificatePem() + "\n" + encrypted);

        Assert.Equal(problems, Problems(new TlsOptions { Certificate = file, CertificatePassword = password, TrustedRoot = _authority.RootFile }).Count);
    }

    [Fact]
    public void Files_that_cannot_be_read_are_named()
    {
        var problems = Problems(new TlsOptions { Certificate = "/nowhere/node.pem", TrustedRoot = "/nowhere/root.pem" });

        Assert.Contains(problems, problem => problem.StartsWith("Certificate: '/nowhere/node.pem' cannot be read", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.StartsWith("TrustedRoot: '/nowhere/root.pem' cannot be read", StringComparison.Ordinal));
        Assert.Equal(2, problems.Count);
    }

    [Fact]
    public void Junk_in_place_of_files_is_told()
    {
        var junk = _authority.Write("junk", "no certificate");

        var problems = Problems(new TlsOptions { Certificate = junk, TrustedRoot = junk });

        Assert.Contains(problems, problem => problem.StartsWith($"Certificate: '{junk}' cannot be read as PFX", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.StartsWith($"TrustedRoot: '{junk}' holds no readable certificate", StringComparison.Ordinal));
    }

    [Fact]
    public void A_certificate_without_its_key_is_told()
    {
        using var certificate = _authority.Issue("node");
        var file = _authority.Write("leaf.pem", certificate.ExportCertificatePem());

        Assert.Contains("has no private key", Single(new TlsOptions { Certificate = file, TrustedRoot = _authority.RootFile }), StringComparison.Ordinal);
    }

    [Fact]
    public void The_key_of_another_certificate_is_told()
    {
        using var certificate = _authority.Issue("node");
        using var other = _authority.Issue("other");
        var (leaf, key) = (_authority.Write("leaf.pem", certificate.ExportCertificatePem()), _authority.Write("key.pem", KeyOf(other)));

        Assert.StartsWith("CertificateKey:", Single(new TlsOptions { Certificate = leaf, CertificateKey = key, TrustedRoot = _authority.RootFile }), StringComparison.Ordinal);
    }

    [Fact]
    public void An_expired_certificate_is_told_with_its_times()
    {
        using var certificate = _authority.Issue("node", validFor: TimeSpan.FromDays(-1));

        Assert.Contains("is valid from", Problems(new TlsOptions { Certificate = _authority.IssuePem(certificate), TrustedRoot = _authority.RootFile })[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TestAuthority.ServerUsage, "client authentication")]
    [InlineData(TestAuthority.ClientUsage, "server authentication")]
    public void A_certificate_for_one_side_only_is_told(string usage, string missing)
    {
        using var certificate = _authority.Issue("node", usages: [usage]);

        Assert.Contains(
            Problems(new TlsOptions { Certificate = _authority.IssuePem(certificate), TrustedRoot = _authority.RootFile }),
            problem => problem.Contains($"may not be used for {missing}", StringComparison.Ordinal));
    }

    [Fact]
    public void A_key_that_may_not_sign_is_told()
    {
        using var certificate = _authority.Issue("node", keyUsage: X509KeyUsageFlags.NonRepudiation);

        Assert.Contains("digital signatures", Single(new TlsOptions { Certificate = _authority.IssuePem(certificate), TrustedRoot = _authority.RootFile }), StringComparison.Ordinal);
    }

    [Fact]
    public void A_certificate_of_another_authority_is_told()
    {
        using var other = new TestAuthority();

        Assert.Contains("was not issued under TrustedRoot", Single(new TlsOptions { Certificate = other.IssuePem("node"), TrustedRoot = _authority.RootFile }), StringComparison.Ordinal);
    }

    [Fact]
    public void The_provider_refuses_to_be_made_and_lists_problems_of_other_options_too()
    {
        var options = new TcpCommunicationOptions
        {
            PipesMax = 0,
            Tls = new TlsOptions { Certificate = "", TrustedRoot = "", HandshakesMax = 0, HandshakeTimeout = TimeSpan.Zero },
        };

        var error = Assert.Throws<GridConfigurationException>(() => new TcpCommunication(options, NullLogger<TcpCommunication>.Instance));

        Assert.Equal(5, error.Problems.Count);
    }

    private static string KeyOf(X509Certificate2 certificate)
    {
        using var key = certificate.GetECDsaPrivateKey()!;
        return key.ExportPkcs8PrivateKeyPem();
    }

    private static IReadOnlyList<string> Problems(TlsOptions options) => options.Validate(TimeProvider.System.GetUtcNow());

    private static string Single(TlsOptions options) => Assert.Single(Problems(options));
}
