using System.Diagnostics;
using System.Threading.Channels;

namespace Grid.ZooKeeper.Tests;

/// <summary>Waits that are armed on a condition. The limit only guards against a hang, and shows the state when it strikes.</summary>
internal static class Waits
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static async Task<T> OrHang<T>(this Task<T> task, Func<string>? state = null)
    {
        await ((Task)task).OrHang(state);
        return await task;
    }

    public static async Task OrHang(this Task task, Func<string>? state = null)
    {
        try
        {
            await task.WaitAsync(Limit);
        }
        catch (TimeoutException)
        {
            throw new InvalidOperationException($"Nothing happened for {Limit}. State: {state?.Invoke() ?? "unknown"}");
        }
    }

    /// <summary>The first status that fits, from now on.</summary>
    public static Task<SessionStatus> StatusAsync(this ZooKeeperClient client, Func<SessionStatus, bool> fits) =>
        FirstAsync(client, fits).OrHang(() => client.Status.ToString());

    public static Task<SessionStatus> StateAsync(this ZooKeeperClient client, SessionState state) => client.StatusAsync(status => status.State == state);

    public static async Task<WatchEvent> NextAsync(this Watcher watcher) => await watcher.Events.ReadAsync().AsTask().OrHang(() => "no watch event came");

    /// <summary>All statuses until one fits. Starts listening at once; await the result after the trigger.</summary>
    public static async Task<List<SessionStatus>> StatusesUntilAsync(this ZooKeeperClient client, Func<SessionStatus, bool> last)
    {
        List<SessionStatus> statuses = [];
        await foreach (var status in client.WatchStatusAsync())
        {
            statuses.Add(status);
            if (last(status))
            {
                break;
            }
        }

        return statuses;
    }

    /// <summary>Asks again until the answer fits: for the state of a server, which tells nobody when it changes.</summary>
    public static async Task<T> PollAsync<T>(Func<Task<T>> ask, Func<T, bool> fits)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            var answer = await ask();
            if (fits(answer))
            {
                return answer;
            }

            if (watch.Elapsed > Limit)
            {
                throw new InvalidOperationException($"The answer never fitted; the last one is {answer}.");
            }

            await Task.Yield();
        }
    }

    private static async Task<SessionStatus> FirstAsync(ZooKeeperClient client, Func<SessionStatus, bool> fits)
    {
        await foreach (var status in client.WatchStatusAsync())
        {
            if (fits(status))
            {
                return status;
            }
        }

        throw new ChannelClosedException($"The session ended with {client.Status} before the status came.");
    }
}
