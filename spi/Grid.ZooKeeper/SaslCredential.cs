namespace Grid.ZooKeeper;

/// <summary>User and password for SASL DIGEST-MD5. The mechanism rests on MD5: use it inside TLS only, and prefer client certificates or digest over TLS for new set-ups.</summary>
/// <param name="User">User name.</param>
/// <param name="Password">Password. Only a hash of it and of the server's challenge is sent.</param>
public sealed record SaslCredential(string User, string Password)
{
    /// <summary>Shows the user without the password.</summary>
    public override string ToString() => $"SASL user {User}";
}
