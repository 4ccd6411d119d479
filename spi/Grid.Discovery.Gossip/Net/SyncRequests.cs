namespace Grid.Discovery.Gossip.Net;

/// <summary>Exchanges that the machine asks for, one waiting at a time: what a second would bring, the first one brings too. Any thread.</summary>
internal sealed class SyncRequests(WorkThread thread)
{
    // 1 while one waits for the thread.
    private int _isWaiting;

    public void Request(Func<bool> sync)
    {
        if (Interlocked.Exchange(ref _isWaiting, 1) == 0 && !thread.TryPost(() => Run(sync)))
        {
            Volatile.Write(ref _isWaiting, 0);
        }
    }

    private void Run(Func<bool> sync)
    {
        Volatile.Write(ref _isWaiting, 0);
        sync();
    }
}
