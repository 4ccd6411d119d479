using Grid.Kernel.Deployment.Cache;
using Grid.Kernel.Deployment.Origin;

namespace Grid.Kernel.Deployment.Loading;

/// <summary>All code that a node has: its own and the platform's, what it offers to others, and what it fetched.</summary>
/// <param name="Host">What is never shipped.</param>
/// <param name="Catalog">The assemblies of this program.</param>
/// <param name="Offered">The sets of this program.</param>
/// <param name="Cache">The files of other programs.</param>
internal sealed record CodeStock(HostCode Host, HostCatalog Catalog, OfferedCode Offered, CodeCache Cache);
