using Grid.Spi;

namespace Grid.Hosting;

/// <summary>Who reads the URLs of a scheme.</summary>
/// <param name="Provider">The name of the discovery provider.</param>
/// <param name="Read">Turns a URL into keys of its section.</param>
internal sealed record DiscoveryScheme(string Provider, Func<DiscoveryUrl, IReadOnlyDictionary<string, string>> Read);
