using System.Globalization;

namespace Grid.Communication.Tcp;

/// <summary>
/// Mutual TLS: both ends of every connection present a certificate, and both verify the other's against the trusted root. Names in certificates are not
/// compared with addresses: whoever holds a certificate under the root belongs to the cluster, so use a root of the cluster's own. Revocation is not checked: to
/// shut a node out, renew the root, or give certificates short lives. The files are read once, at start.
/// </summary>
public sealed class TlsOptions
{
    /// <summary>
    /// The file with this node's certificate: PFX with its key, or PEM, optionally followed by intermediate certificates. It has to be usable for both server and
    /// client authentication.
    /// </summary>
    public required string Certificate { get; init; }

    /// <summary>The file with the private key in PEM. Default empty: the key is in <see cref="Certificate"/>.</summary>
    public string CertificateKey { get; init; } = "";

    /// <summary>The password of the PFX file or of the encrypted PEM key. Default empty: none.</summary>
    public string CertificatePassword { get; init; } = "";

    /// <summary>The file with the certificate, PEM or DER, under which every peer's certificate must have been issued. PEM may hold several, to change from one to the next.</summary>
    public required string TrustedRoot { get; init; }

    /// <summary>How long the handshake of TLS may take. Default 5 s; 50 ms to 5 min. Shorter refuses slow networks, longer lets a mute stranger hold a thread longer.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How many accepted connections may be in their handshake at once. Default 64; 1 to 4,096. Each has a thread. Beyond it connections are closed at once.</summary>
    public int HandshakesMax { get; init; } = 64;

    /// <summary>Reads the files and lists what cannot be used, each entry beginning with the option's name; empty when all is well.</summary>
    /// <param name="now">The time at which the certificates have to be valid.</param>
    public IReadOnlyList<string> Validate(DateTimeOffset now)
    {
        var problems = new List<string>();
        using var identity = TlsIdentity.Load(this, now, problems);
        if (HandshakeTimeout < TimeSpan.FromMilliseconds(50) || HandshakeTimeout > TimeSpan.FromMinutes(5))
        {
            problems.Add($"{nameof(HandshakeTimeout)}: {HandshakeTimeout:c} is not accepted. Accepted: 00:00:00.05 to 00:05:00.");
        }

        if (HandshakesMax is < 1 or > 4096)
        {
            problems.Add(string.Create(CultureInfo.InvariantCulture, $"{nameof(HandshakesMax)}: {HandshakesMax} is not accepted. Accepted: 1 to 4096."));
        }

        return problems;
    }
}
