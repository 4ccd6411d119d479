using Grid.Kernel.Deployment.Wire;

namespace Grid.Kernel.Deployment.Loading;

/// <summary>What came of asking for a piece.</summary>
/// <param name="Status">Whether it was given.</param>
/// <param name="Total">The length of the whole, as the giver says.</param>
/// <param name="Content">The piece.</param>
/// <param name="Reason">Why it was not given.</param>
internal readonly record struct Piece(CodeStatus Status, int Total, byte[] Content, string Reason);
