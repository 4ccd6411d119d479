using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Grid.Communication.Tcp;

/// <summary>Reads certificates and keys from files; what is wrong becomes a sentence that begins with the option's name. Passwords stay out of them.</summary>
internal static class CertificateFiles
{
    private const int FileBytesMax = 1024 * 1024;
    private const string PemBegin = "-----BEGIN ";

    /// <summary>The trusted roots; empty when a problem was added.</summary>
    public static X509Certificate2Collection ReadRoots(string path, ICollection<string> problems)
    {
        const string Option = nameof(TlsOptions.TrustedRoot);
        var roots = new X509Certificate2Collection();
        if (TryRead(Option, path, problems) is not { } bytes)
        {
            return roots;
        }

        try
        {
            if (IsPem(bytes))
            {
                roots.ImportFromPem(Encoding.UTF8.GetString(bytes));
            }
            else
            {
                roots.Add(X509CertificateLoader.LoadCertificate(bytes));
            }
        }
        catch (CryptographicException error)
        {
            problems.Add($"{Option}: '{path}' holds no readable certificate ({error.Message}). Accepted: PEM or DER.");
            return [];
        }

        if (roots.Count == 0)
        {
            problems.Add($"{Option}: '{path}' holds no certificate. Accepted: PEM with at least one CERTIFICATE, or DER.");
        }

        return roots;
    }

    /// <summary>The node's certificate with its key, first, and intermediate ones; empty when a problem was added.</summary>
    public static X509Certificate2Collection ReadIdentity(TlsOptions options, ICollection<string> problems)
    {
        if (TryRead(nameof(TlsOptions.Certificate), options.Certificate, problems) is not { } bytes)
        {
            return [];
        }

        var isPem = IsPem(bytes);
        if (!isPem && options.CertificateKey.Length > 0)
        {
            problems.Add($"CertificateKey: the key belongs to a certificate in PEM, and '{options.Certificate}' is PFX, which has its key inside. Remove the one or replace the other.");
            return [];
        }

        var chain = isPem ? ReadPem(bytes, options, problems) : ReadPfx(bytes, options, problems);
        if (chain.Count > 0 && !chain[0].HasPrivateKey)
        {
            problems.Add($"Certificate: '{options.Certificate}' has no private key. Give a PFX file with the key, or PEM and the key's file in CertificateKey.");
            return [];
        }

        return chain;
    }

    private static X509Certificate2Collection ReadPem(byte[] bytes, TlsOptions options, ICollection<string> problems)
    {
        var text = Encoding.UTF8.GetString(bytes);
        var key = text;
        var keyOption = nameof(TlsOptions.Certificate);
        if (options.CertificateKey.Length > 0)
        {
            keyOption = nameof(TlsOptions.CertificateKey);
            if (TryRead(keyOption, options.CertificateKey, problems) is not { } keyBytes)
            {
                return [];
            }

            key = Encoding.UTF8.GetString(keyBytes);
        }

        try
        {
            var chain = new X509Certificate2Collection();
            chain.ImportFromPem(text);
            if (chain.Count == 0)
            {
                problems.Add($"Certificate: '{options.Certificate}' holds no certificate. Accepted: PFX, or PEM with at least one CERTIFICATE.");
                return [];
            }

            if (key.Contains("PRIVATE KEY-----", StringComparison.Ordinal))
            {
                chain[0] = Usable(options.CertificatePassword.Length > 0
                    ? X509Certificate2.CreateFromEncryptedPem(text, key, options.CertificatePassword)
                    : X509Certificate2.CreateFromPem(text, key));
            }

            return chain;
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException)
        {
            problems.Add($"{keyOption}: the certificate and key cannot be read ({error.Message}). Do the two belong together, and is the key encrypted exactly if CertificatePassword is set?");
            return [];
        }
    }

    private static X509Certificate2Collection ReadPfx(byte[] bytes, TlsOptions options, ICollection<string> problems)
    {
        try
        {
            var all = X509CertificateLoader.LoadPkcs12Collection(bytes, options.CertificatePassword);
            var leaf = all.FirstOrDefault(certificate => certificate.HasPrivateKey);
            return leaf is null ? all : [leaf, .. all.Where(certificate => certificate != leaf)];
        }
        catch (CryptographicException error)
        {
            problems.Add($"Certificate: '{options.Certificate}' cannot be read as PFX ({error.Message}). Is it a PFX or PEM file, and is CertificatePassword right?");
            return [];
        }
    }

    // The system's TLS on Windows does not take keys that are in no key store.
    private static X509Certificate2 Usable(X509Certificate2 certificate)
    {
        if (!OperatingSystem.IsWindows())
        {
            return certificate;
        }

        using (certificate)
        {
            return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
        }
    }

    private static byte[]? TryRead(string option, string path, ICollection<string> problems)
    {
        if (path.Length == 0)
        {
            problems.Add($"{option}: the value is missing. TLS needs both Certificate and TrustedRoot: set both files, or neither.");
            return null;
        }

        try
        {
            using var file = File.OpenRead(path);
            if (file.Length is 0 or > FileBytesMax)
            {
                problems.Add($"{option}: '{path}' has {file.Length} bytes. Accepted: a file of 1 to {FileBytesMax} bytes.");
                return null;
            }

            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            problems.Add($"{option}: '{path}' cannot be read ({error.Message}). Give the path of a file that this process may read.");
            return null;
        }
    }

    private static bool IsPem(byte[] bytes) => bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(PemBegin)) >= 0;
}
