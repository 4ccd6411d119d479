using System.Threading.Channels;

namespace Grid.Discovery.ZooKeeper.Session;

/// <summary>One flag that somebody waits for: "read again". Set twice, it is set once. Any thread sets it; the rest belongs to the provider's thread, on which the waiter resumes.</summary>
internal sealed class AsyncSignal
{
    private readonly Channel<bool> _flag = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public bool IsSet => _flag.Reader.Count > 0;

    public void Set() => _flag.Writer.TryWrite(true);

    public void Reset() => _flag.Reader.TryRead(out _);

    /// <summary>Completes when the flag is set; leaves it set.</summary>
    public async Task WaitAsync(CancellationToken ct) => await _flag.Reader.WaitToReadAsync(ct).ConfigureAwait(true);
}
