using Grid.Kernel.Membership;
using static Grid.Kernel.Tests.Membership.Members;

namespace Grid.Kernel.Tests.Membership;

public sealed class ChangeHistoryTests
{
    private readonly ChangeHistory _history = new(capacity: 4);

    [Theory]
    [InlineData(0, "1 2 3")]
    [InlineData(2, "3")]
    [InlineData(3, "")]
    public async Task A_reader_gets_what_came_after_the_version_it_knows(long known, string expected)
    {
        Append(3);
        _history.End();

        Assert.Equal(expected, await ReadAllAsync(known));
    }

    [Fact]
    public async Task A_reader_behind_the_history_is_reset_to_the_present()
    {
        Append(9);
        _history.End();

        Assert.Equal("Reset@9", await ReadAllAsync(4));
        Assert.Equal("6 7 8 9", await ReadAllAsync(5));
    }

    [Fact]
    public async Task A_version_that_never_was_is_reset_to_the_present()
    {
        Append(2);
        _history.End();

        Assert.Equal("Reset@2", await ReadAllAsync(77));
    }

    [Fact]
    public async Task A_waiting_reader_is_woken_by_news()
    {
        await using var reader = _history.ReadAsync(0, CancellationToken.None).GetAsyncEnumerator();
        var pending = reader.MoveNextAsync();
        Assert.False(pending.IsCompleted);

        Append(1);

        Assert.True(await pending);
        Assert.Equal(1, reader.Current.Version);
    }

    [Fact]
    public async Task A_slow_reader_is_reset_in_the_middle_and_goes_on()
    {
        await using var reader = _history.ReadAsync(0, CancellationToken.None).GetAsyncEnumerator();
        Append(1);
        Assert.True(await reader.MoveNextAsync());

        Append(20);
        Assert.True(await reader.MoveNextAsync());
        Assert.Equal((TopologyChangeKind.Reset, 21L), (reader.Current.Kind, reader.Current.Version));

        Append(1);
        Assert.True(await reader.MoveNextAsync());
        Assert.Equal(22, reader.Current.Version);
    }

    [Fact]
    public async Task A_cancelled_reader_says_so()
    {
        using var cts = new CancellationTokenSource();
        await using var reader = _history.ReadAsync(0, cts.Token).GetAsyncEnumerator();
        var pending = reader.MoveNextAsync();
        await cts.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await pending);
    }

    [Fact]
    public async Task Readers_on_other_threads_miss_nothing_and_see_nothing_twice()
    {
        var history = new ChangeHistory(capacity: 100_000);
        var readers = Enumerable.Range(0, 4).Select(_ => Task.Run(() => CountInOrderAsync(history))).ToArray();
        var random = new Random(17);
        for (var version = 0L; version < 50_000;)
        {
            var count = random.Next(1, 9);
            history.Append(Changes(version, count));
            version += count;
        }

        history.End();

        var counts = await Task.WhenAll(readers);
        Assert.All(counts, count => Assert.True(count >= 50_000, $"{count} changes"));
    }

    private static async Task<long> CountInOrderAsync(ChangeHistory history)
    {
        var last = 0L;
        await foreach (var change in history.ReadAsync(0, CancellationToken.None))
        {
            Assert.Equal(last + 1, change.Version);
            last = change.Version;
        }

        return last;
    }

    private long _appended;

    private void Append(int count)
    {
        for (var i = 0; i < count; i++)
        {
            _history.Append(Changes(_appended++, 1));
        }
    }

    private static TopologyChange[] Changes(long version, int count) =>
        [.. Enumerable.Range(1, count).Select(i => new TopologyChange(version + i, TopologyChangeKind.Joined, Node(1)))];

    private async Task<string> ReadAllAsync(long known)
    {
        var text = new List<string>();
        await foreach (var change in _history.ReadAsync(known, CancellationToken.None))
        {
            text.Add(change.Kind == TopologyChangeKind.Reset ? $"Reset@{change.Version}" : $"{change.Version}");
        }

        return string.Join(' ', text);
    }
}
