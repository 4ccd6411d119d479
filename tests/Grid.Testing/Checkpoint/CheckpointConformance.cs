using Grid.Spi;
using Xunit;

namespace Grid.Testing;

/// <summary>What every checkpoint store must do; derive a test class from it. Each test has a store of its own.</summary>
public abstract class CheckpointConformance
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly CheckpointKey Key = new("task 1", "progress");

    /// <summary>The clock of the stores.</summary>
    protected ManualTimeProvider Time { get; } = new();

    /// <summary>Opens the store of this test, as another process would: a second call sees what was saved through the first.</summary>
    protected abstract ICheckpointSpi Open();

    /// <summary>What was saved is what is loaded, empty and large values included.</summary>
    /// <param name="bytes">How many bytes.</param>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1 << 20)]
    public async Task A_value_is_loaded_as_it_was_saved(int bytes)
    {
        var store = Open();
        var value = new byte[bytes];
        new Random(3).NextBytes(value);
        Assert.Null(await store.LoadAsync(Key, Attempt(1), default));

        Assert.True(await store.SaveAsync(Key, value, Attempt(1), Day, default));
        value.AsSpan().Clear();

        Assert.Equal(Bytes(bytes, 3), await Open().LoadAsync(Key, Attempt(1), default));
    }

    /// <summary>An attempt that was replaced cannot overwrite.</summary>
    [Fact]
    public async Task What_a_later_attempt_has_saved_is_closed_to_earlier_ones()
    {
        var store = Open();
        await store.SaveAsync(Key, new byte[] { 1 }, Attempt(1), Day, default);
        Assert.True(await store.SaveAsync(Key, new byte[] { 2 }, Attempt(3), Day, default));

        Assert.False(await store.SaveAsync(Key, new byte[] { 9 }, Attempt(2), Day, default));
        Assert.False(await store.RemoveAsync(Key, Attempt(1), default));

        Assert.Equal([2], await store.LoadAsync(Key, Attempt(1), default));
        Assert.True(await store.SaveAsync(Key, new byte[] { 3 }, Attempt(3), Day, default));
    }

    /// <summary>A successor that goes on from a value must not have it changed behind its back.</summary>
    [Fact]
    public async Task What_a_later_attempt_has_loaded_is_closed_to_earlier_ones()
    {
        var store = Open();
        await store.SaveAsync(Key, new byte[] { 1 }, Attempt(1), Day, default);

        Assert.Equal([1], await Open().LoadAsync(Key, Attempt(2), default));

        Assert.False(await store.SaveAsync(Key, new byte[] { 9 }, Attempt(1), Day, default));
        Assert.Equal([1], await store.LoadAsync(Key, Attempt(2), default));
    }

    /// <summary>A successor that finds nothing begins anew: a value of its predecessor must not turn up later.</summary>
    /// <param name="removes">Whether it removes the entry instead of loading it.</param>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_a_later_attempt_did_not_find_is_closed_to_earlier_ones(bool removes)
    {
        var store = Open();
        Assert.True(removes ? await Open().RemoveAsync(Key, Attempt(2), default) : await Open().LoadAsync(Key, Attempt(2), default) is null);

        Assert.False(await store.SaveAsync(Key, new byte[] { 9 }, Attempt(1), Day, default));

        Assert.Null(await store.LoadAsync(Key, Attempt(2), default));
        Assert.True(await store.SaveAsync(Key, new byte[] { 2 }, Attempt(2), Day, default));
    }

    /// <summary>Jobs share what they share; only attempts of one job replace each other.</summary>
    [Fact]
    public async Task Another_job_may_overwrite_whatever_its_attempt()
    {
        var store = Open();
        await store.SaveAsync(Key, new byte[] { 1 }, Attempt(5), Day, default);

        Assert.True(await store.SaveAsync(Key, new byte[] { 2 }, Attempt(1, job: 2), Day, default));

        Assert.Equal([2], await store.LoadAsync(Key, Attempt(5), default));
    }

    /// <summary>A removal is final for those who were replaced.</summary>
    [Fact]
    public async Task A_removed_entry_is_gone_and_an_earlier_attempt_does_not_bring_it_back()
    {
        var store = Open();
        await store.SaveAsync(Key, new byte[] { 1 }, Attempt(1), Day, default);
        Assert.True(await store.RemoveAsync(Key, Attempt(2), default));
        Assert.True(await store.RemoveAsync(new CheckpointKey("task 1", "never there"), Attempt(1), default));

        Assert.False(await store.SaveAsync(Key, new byte[] { 9 }, Attempt(1), Day, default));
        Assert.Null(await store.LoadAsync(Key, Attempt(2), default));
        Assert.True(await store.SaveAsync(Key, new byte[] { 2 }, Attempt(2), Day, default));
        Assert.Equal([2], await store.LoadAsync(Key, Attempt(2), default));
    }

    /// <summary>Time to live, by the store's clock.</summary>
    [Fact]
    public async Task An_entry_is_there_until_its_time_is_over_and_a_new_save_begins_a_new_time()
    {
        var store = Open();
        await store.SaveAsync(Key, new byte[] { 1 }, Attempt(7), TimeSpan.FromMinutes(10), default);
        Time.Advance(TimeSpan.FromMinutes(9));
        Assert.NotNull(await store.LoadAsync(Key, Attempt(7), default));
        await store.SaveAsync(Key, new byte[] { 2 }, Attempt(7), TimeSpan.FromMinutes(10), default);
        Time.Advance(TimeSpan.FromMinutes(9));
        Assert.Equal([2], await store.LoadAsync(Key, Attempt(7), default));

        Time.Advance(TimeSpan.FromMinutes(1));

        Assert.Null(await Open().LoadAsync(Key, Attempt(7), default));
        Assert.True(await store.SaveAsync(Key, new byte[] { 3 }, Attempt(7), TimeSpan.MaxValue, default));
    }

    /// <summary>A name is a name, not a path.</summary>
    [Fact]
    public async Task Names_of_any_characters_are_names_apart()
    {
        string[] names =
        [
            "a", "A", "a/b", "a\\b", "a b", "../../../etc/passwd", "..", ".", "/", "C:\\x", "CON", "nul.txt", "a\0b", "*?<>|\"", "\ud800", "é", "e\u0301", "日本 🐝", new string('n', 256), " ", "a ", "a.", "%61",
        ];
        CheckpointKey[] keys = [.. names.Select(name => new CheckpointKey("task 1", name)), .. names.Select(name => new CheckpointKey("task 2", name)), new("task 1a", ""), new("task 1", "1a")];
        var store = Open();
        for (var i = 0; i < keys.Length; i++)
        {
            Assert.True(await store.SaveAsync(keys[i], Bytes(4, i), Attempt(1), Day, default));
        }

        for (var i = 0; i < keys.Length; i++)
        {
            Assert.Equal(Bytes(4, i), await store.LoadAsync(keys[i], Attempt(1), default));
        }
    }

    /// <summary>Comparing and writing are one step: of attempts that write at once the latest wins, whatever the order.</summary>
    [Fact]
    public async Task Of_attempts_that_write_at_once_the_latest_wins()
    {
        ICheckpointSpi[] stores = [Open(), Open(), Open()];

        var saved = await Task.WhenAll(Enumerable.Range(1, 60).Select(number => Task.Run(async () =>
            await stores[number % 3].SaveAsync(Key, Bytes(4096, number), Attempt(number), Day, default))));

        Assert.True(saved[^1]);
        Assert.Equal(Bytes(4096, 60), await Open().LoadAsync(Key, Attempt(1), default));
    }

    /// <summary>Who saves knows best.</summary>
    [Fact]
    public async Task A_time_to_live_of_zero_and_a_cancelled_token_are_refused_and_change_nothing()
    {
        var store = Open();
        await store.SaveAsync(Key, new byte[] { 1 }, Attempt(1), Day, default);

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await store.SaveAsync(Key, new byte[] { 2 }, Attempt(1), TimeSpan.Zero, default));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await store.SaveAsync(Key, new byte[] { 2 }, Attempt(1), Day, new CancellationToken(true)));

        Assert.Equal([1], await store.LoadAsync(Key, Attempt(1), default));
    }

    /// <summary>An attempt of a job.</summary>
    /// <param name="attempt">Its number.</param>
    /// <param name="job">The job's.</param>
    protected static CheckpointAttempt Attempt(int attempt, int job = 1) =>
        new(new JobId(new NodeId(77), job), new JobFence(new NodeKey(new NodeId((UInt128)attempt), 1), attempt));

    private static byte[] Bytes(int count, int seed)
    {
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
