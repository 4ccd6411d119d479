using Grid.Spi;

namespace Grid.Discovery.Tests;

public sealed class SnapshotBoardTests
{
    private static readonly NodeInfo One = new() { Id = new NodeId(1), Name = "one" };
    private static readonly NodeInfo Two = new() { Id = new NodeId(2), Name = "two" };
    private static readonly NodeInfo Three = new() { Id = new NodeId(3), Name = "three" };

    private readonly SnapshotBoard _board = new();

    [Fact]
    public async Task A_slow_reader_gets_the_latest_with_the_departures_of_all_that_it_missed()
    {
        await using var reader = _board.ReadAsync(CancellationToken.None).GetAsyncEnumerator();
        _board.Publish(new DiscoverySnapshot(1, [One, Two, Three], [], DiscoveryLink.Connected));
        Assert.True(await reader.MoveNextAsync());

        _board.Publish(new DiscoverySnapshot(2, [One, Three], [Two.Key], DiscoveryLink.Connected));
        _board.Publish(new DiscoverySnapshot(3, [One], [Three.Key], DiscoveryLink.Suspended));

        Assert.True(await reader.MoveNextAsync());
        Assert.Equal((3, DiscoveryLink.Suspended), (reader.Current.Version, reader.Current.Link));
        Assert.Equal([Two.Key, Three.Key], reader.Current.Departed.Order(Comparer<NodeKey>.Create((x, y) => x.Id.Value.CompareTo(y.Id.Value))));
    }

    [Fact]
    public async Task The_departure_of_somebody_whom_the_reader_never_saw_is_not_told()
    {
        await using var reader = _board.ReadAsync(CancellationToken.None).GetAsyncEnumerator();
        _board.Publish(new DiscoverySnapshot(1, [One, Two], [], DiscoveryLink.Connected));
        _board.Publish(new DiscoverySnapshot(2, [One], [Two.Key], DiscoveryLink.Connected));

        Assert.True(await reader.MoveNextAsync());

        Assert.Empty(reader.Current.Departed);
    }

    [Fact]
    public async Task A_departure_is_told_once()
    {
        await using var reader = _board.ReadAsync(CancellationToken.None).GetAsyncEnumerator();
        _board.Publish(new DiscoverySnapshot(1, [One, Two], [], DiscoveryLink.Connected));
        Assert.True(await reader.MoveNextAsync());
        _board.Publish(new DiscoverySnapshot(2, [One], [Two.Key], DiscoveryLink.Connected));
        Assert.True(await reader.MoveNextAsync());
        _board.Publish(new DiscoverySnapshot(3, [One, Three], [], DiscoveryLink.Connected));

        Assert.True(await reader.MoveNextAsync());

        Assert.Empty(reader.Current.Departed);
    }

    [Fact]
    public async Task The_stream_ends_after_the_snapshot_that_is_there()
    {
        _board.Publish(new DiscoverySnapshot(1, [One], [], DiscoveryLink.Connected));
        _board.End();
        var versions = new List<long>();

        await foreach (var snapshot in _board.ReadAsync(CancellationToken.None))
        {
            versions.Add(snapshot.Version);
        }

        Assert.Equal([1], versions);
    }
}
