using Grid.Checkpoint.FileSystem;
using Grid.Hosting.Tests.Configuration;
using Grid.Spi;
using Grid.Testing;
using Microsoft.Extensions.Configuration;

namespace Grid.Hosting.Tests.Checkpoint;

public sealed class FileSystemCheckpointTests : CheckpointConformance, IDisposable
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly CheckpointKey Key = new("task 1", "progress");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("grid-checkpoints-");

    [Fact]
    public async Task A_file_that_was_cut_or_changed_counts_as_none()
    {
        var store = Open();
        await store.SaveAsync(Key, new byte[100], Attempt(1), Day, default);
        var file = Assert.Single(_folder.GetFiles("*.ckpt", SearchOption.AllDirectories));
        var whole = await File.ReadAllBytesAsync(file.FullName);
        for (var length = 0; length < whole.Length; length += 7)
        {
            await File.WriteAllBytesAsync(file.FullName, whole[..length]);
            Assert.Null(await store.LoadAsync(Key, Attempt(1), default));
        }

        for (var at = 0; at < whole.Length; at += 5)
        {
            byte[] changed = [.. whole];
            changed[at] ^= 0x40;
            await File.WriteAllBytesAsync(file.FullName, changed);
            Assert.Null(await store.LoadAsync(Key, Attempt(1), default));
        }

        Assert.True(await store.SaveAsync(Key, new byte[] { 1 }, Attempt(1), Day, default));
    }

    [Fact]
    public async Task A_save_that_a_crash_cut_short_leaves_the_old_value()
    {
        var store = Open();
        await store.SaveAsync(Key, new byte[] { 1 }, Attempt(1), Day, default);
        var file = Assert.Single(_folder.GetFiles("*.ckpt", SearchOption.AllDirectories));
        await File.WriteAllBytesAsync(file.FullName + ".tmp", [1, 2, 3]);

        Assert.Equal([1], await store.LoadAsync(Key, Attempt(1), default));
        Assert.True(await store.SaveAsync(Key, new byte[] { 2 }, Attempt(1), Day, default));
        Assert.Empty(_folder.GetFiles("*.tmp", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Whoever_waits_too_long_for_a_lock_is_told_which()
    {
        await Open().SaveAsync(Key, new byte[] { 1 }, Attempt(1), Day, default);
        var path = Assert.Single(_folder.GetFiles("lock", SearchOption.AllDirectories)).FullName;
        using var held = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        var store = new FileSystemCheckpoints(new FileSystemCheckpointOptions { Path = _folder.FullName, LockWait = TimeSpan.FromMilliseconds(20) }, TimeProvider.System);

        var exception = await Assert.ThrowsAsync<CheckpointException>(async () => await store.LoadAsync(Key, Attempt(1), default));

        Assert.True(exception.IsTransient);
        Assert.Contains(path, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_waits_for_a_lock_takes_it_when_it_is_let_go()
    {
        var store = Open();
        await store.SaveAsync(Key, new byte[] { 1 }, Attempt(1), Day, default);
        var held = new FileStream(Assert.Single(_folder.GetFiles("lock", SearchOption.AllDirectories)).FullName, FileMode.Open, FileAccess.ReadWrite, FileShare.None);

        var load = store.LoadAsync(Key, Attempt(1), default).AsTask();
        await held.DisposeAsync();

        Assert.Equal([1], await load.WaitAsync(TimeSpan.FromSeconds(60)));
    }

    [Fact]
    public async Task A_full_subfolder_says_so_until_entries_have_outlived_their_time()
    {
        var store = new FileSystemCheckpoints(new FileSystemCheckpointOptions { Path = _folder.FullName, EntriesMax = 256 }, Time);
        var saved = 0;
        var exception = await Assert.ThrowsAsync<CheckpointException>(async () =>
        {
            for (; saved < 1000; saved++)
            {
                await store.SaveAsync(new CheckpointKey("s", $"{saved}"), new byte[] { 1 }, Attempt(1), TimeSpan.FromMinutes(1), default);
            }
        });
        Assert.Contains("EntriesMax = 256", exception.Message, StringComparison.Ordinal);

        Time.Advance(TimeSpan.FromMinutes(2));

        Assert.True(await store.SaveAsync(new CheckpointKey("s", $"{saved}"), new byte[] { 1 }, Attempt(1), Day, default));
    }

    [Fact]
    public async Task What_has_outlived_its_time_is_dropped_while_others_are_saved()
    {
        var store = Open();
        await store.SaveAsync(Key, new byte[] { 1 }, Attempt(1), TimeSpan.FromMinutes(1), default);
        Time.Advance(TimeSpan.FromMinutes(11));

        for (var i = 0; _folder.GetFiles("*.ckpt", SearchOption.AllDirectories).Length != i; i++)
        {
            Assert.True(i < 10_000, "the entry that has outlived its time is still there");
            await store.SaveAsync(new CheckpointKey("task 2", $"{i}"), new byte[] { 1 }, Attempt(1), Day, default);
        }
    }

    [Fact]
    public void What_is_wrong_with_its_section_is_told_with_the_keys()
    {
        var section = Settings.Create(("Checkpoint:FileSystem:EntriesMax", "9"), ("Checkpoint:FileSystem:LockWait", "9"), ("Checkpoint:FileSystem:Folder", "/x")).GetSection("Checkpoint:FileSystem");

        var exception = Assert.Throws<GridConfigurationException>(() => FileSystemCheckpointOptions.Read(section));

        Assert.Equal(
            ["Grid:Checkpoint:FileSystem:Path", "Grid:Checkpoint:FileSystem:EntriesMax", "Grid:Checkpoint:FileSystem:LockWait", "Grid:Checkpoint:FileSystem:Folder"],
            exception.Problems.Select(problem => problem[..problem.IndexOf(": ", StringComparison.Ordinal)]));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    protected override ICheckpointSpi Open() => new FileSystemCheckpoints(new FileSystemCheckpointOptions { Path = _folder.FullName }, new ManualDates(Time));

    /// <summary>
    /// The suite's dates, and timers that go by themselves: a lock may be held for a moment by others, or by a process that was just forked off and has not let go of our files,
    /// and nobody moves the suite's clock while a store waits for it.
    /// </summary>
    private sealed class ManualDates(TimeProvider dates) : TimeProvider
    {
        public override long TimestampFrequency => dates.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => dates.GetUtcNow();

        public override long GetTimestamp() => dates.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => System.CreateTimer(callback, state, dueTime, period);
    }
}
