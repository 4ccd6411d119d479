using Grid.Checkpoint.InMemory;
using Grid.Spi;
using Grid.Testing;

namespace Grid.Hosting.Tests.Checkpoint;

public sealed class InMemoryCheckpointTests : CheckpointConformance
{
    private InMemoryCheckpoints? _store;

    [Fact]
    public async Task A_full_store_says_so_and_has_room_again_when_entries_have_outlived_their_time()
    {
        var store = new InMemoryCheckpoints(Time, entriesMax: 2, bytesMax: 10);
        await store.SaveAsync(new CheckpointKey("s", "a"), new byte[4], Attempt(1), TimeSpan.FromMinutes(1), default);
        await store.SaveAsync(new CheckpointKey("s", "b"), new byte[4], Attempt(1), TimeSpan.FromHours(1), default);

        var full = await Assert.ThrowsAsync<CheckpointException>(async () => await store.SaveAsync(new CheckpointKey("s", "c"), new byte[1], Attempt(1), TimeSpan.FromHours(1), default));
        await Assert.ThrowsAsync<CheckpointException>(async () => await store.SaveAsync(new CheckpointKey("s", "b"), new byte[7], Attempt(1), TimeSpan.FromHours(1), default));
        Assert.True(full.IsTransient);

        Time.Advance(TimeSpan.FromMinutes(2));
        Assert.True(await store.SaveAsync(new CheckpointKey("s", "c"), new byte[6], Attempt(1), TimeSpan.FromHours(1), default));
    }

    protected override ICheckpointSpi Open() => _store ??= new InMemoryCheckpoints(Time);
}
