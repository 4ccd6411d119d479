using Microsoft.Extensions.Configuration;

namespace Grid.Hosting;

/// <summary>The section that a provider's factory gets: a copy of what the user wrote, under the same path, and what Grid adds.</summary>
internal static class ProviderSection
{
    /// <summary>Added to the section of a discovery provider: the name of the cluster.</summary>
    public const string ClusterKey = "Cluster";

    /// <summary>Added to the section of the gossip provider, whose nodes talk to each other: the secret of the cluster; may be empty.</summary>
    public const string ClusterSecretKey = SecurityKey + ":ClusterSecret";

    /// <summary>
    /// Added to the section of a communication provider, for one that does TLS: <c>Security:Certificate</c>, <c>CertificateKey</c>, <c>CertificatePassword</c> and
    /// <c>TrustedRoot</c> as the user wrote them, and <c>Security:IsLoopbackOnly</c>, <c>true</c> when nothing else keeps strangers out. Not the secret.
    /// </summary>
    public const string SecurityKey = "Security";

    /// <summary>What a communication provider is told of the node's security.</summary>
    public static IConfigurationSection CreateForCommunication(IConfiguration root, string key, SecurityOptions security) => Create(
        root,
        key,
        new(SecurityKey + ":Certificate", security.Certificate),
        new(SecurityKey + ":CertificateKey", security.CertificateKey),
        new(SecurityKey + ":CertificatePassword", security.CertificatePassword),
        new(SecurityKey + ":TrustedRoot", security.TrustedRoot),
        new(SecurityKey + ":IsLoopbackOnly", security.KeepsStrangersOut ? "false" : "true"));

    public static IConfigurationSection Create(IConfiguration root, string key, params ReadOnlySpan<KeyValuePair<string, string?>> added)
    {
        var section = root.GetSection(key);
        var pairs = section.AsEnumerable().ToDictionary(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in added)
        {
            pairs[ConfigurationPath.Combine(section.Path, name)] = value;
        }

        return new ConfigurationBuilder().AddInMemoryCollection(pairs).Build().GetSection(section.Path);
    }
}
