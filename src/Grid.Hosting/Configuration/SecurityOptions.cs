namespace Grid.Hosting;

/// <summary>How nodes prove that they belong together: the section <c>Grid:Security</c>.</summary>
public sealed class SecurityOptions
{
    /// <summary>The fewest characters of a cluster secret.</summary>
    public const int SecretCharsMin = 16;

    /// <summary>
    /// <c>ClusterSecret</c>: known to every member, at least 16 characters. Empty (default): only nodes of this machine can link, and a listener on
    /// another address than loopback refuses to start, because a grid runs the code it is sent. The secret authenticates links, it does not encrypt them. Keep
    /// it out of files: <c>Grid__Security__ClusterSecret</c> in the environment works.
    /// </summary>
    public string ClusterSecret { get; init; } = "";

    /// <summary>
    /// <c>Certificate</c>: the file with this node's certificate, PFX with its key or PEM, followed by intermediate ones if there are. Empty (default): links are
    /// not encrypted. With it, every link is TLS in which both ends show a certificate issued under <see cref="TrustedRoot"/>, and the secret may be left out; if it
    /// is set as well, both are checked. All nodes and clients of a cluster do the same. The certificate must be good for server and for client authentication.
    /// </summary>
    public string Certificate { get; init; } = "";

    /// <summary><c>CertificateKey</c>: the file with the private key in PEM. Empty (default): the key is in the file of the certificate.</summary>
    public string CertificateKey { get; init; } = "";

    /// <summary><c>CertificatePassword</c>: of the PFX file or of the encrypted key. Empty (default): none. Keep it out of files, as the secret.</summary>
    public string CertificatePassword { get; init; } = "";

    /// <summary>
    /// <c>TrustedRoot</c>: the file with the certificate, PEM or DER, of the authority that issues the cluster's certificates. Whoever holds a certificate of
    /// it is let in: use an authority of the cluster's own. Revocation is not checked.
    /// </summary>
    public string TrustedRoot { get; init; } = "";

    /// <summary>Whether a stranger is kept out by one means or the other.</summary>
    internal bool KeepsStrangersOut => ClusterSecret.Length > 0 || (Certificate.Length > 0 && TrustedRoot.Length > 0);
}
