using System.Diagnostics;
using Grid.ZooKeeper;

// A client in a process of its own, for tests that stop the process or fill its thread pool.
// Usage: <connect string> <timeout ms> [block-pool]. Prints each status as one line; ends with its standard input.
var options = new ZooKeeperOptions { ConnectString = args[0], SessionTimeout = TimeSpan.FromMilliseconds(int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture)) };
var client = await ZooKeeperClient.ConnectAsync(options);
await client.CreateAsync("/client", null, CreateMode.Ephemeral);

// Threads of their own: the pool may be blocked.
var watching = new Thread(() => Watch(client));
watching.Start();
if (args is [_, _, "block-pool"])
{
    BlockPool(client);
    return;
}

Console.In.ReadToEnd();
await client.DisposeAsync();

static void Watch(ZooKeeperClient client)
{
    var last = "";
    using var pace = new ManualResetEventSlim();
    while (true)
    {
        // Polled, because the stream's continuations would need the pool. The fence is asked for as user code does before an effect.
        var isPastFence = Stopwatch.GetTimestamp() >= client.FenceTimestamp;
        var line = $"{client.Status.State} fenced={isPastFence}";
        if (line != last)
        {
            Console.WriteLine(line);
            last = line;
        }

        if (client.Status.IsFinal)
        {
            return;
        }

        pace.Wait(TimeSpan.FromMilliseconds(1));
    }
}

static void BlockPool(ZooKeeperClient client)
{
    // One worker, and it never comes back; the pool cannot grow beyond it.
    ThreadPool.GetMinThreads(out _, out var completion);
    ThreadPool.SetMinThreads(1, completion);
    ThreadPool.SetMaxThreads(Environment.ProcessorCount, completion);
    using var never = new ManualResetEventSlim();
    var requests = AskAndBlock(client, never);
    for (var i = 0; i < 10_000; i++)
    {
        ThreadPool.QueueUserWorkItem(_ => never.Wait());
    }

    Console.WriteLine("pool blocked");
    SpinWait.SpinUntil(() => Array.TrueForAll(requests, request => request.IsCompletedSuccessfully));
    Console.WriteLine($"answered {requests.Length}");
    Console.In.ReadToEnd();
    Console.WriteLine($"end {client.Status.State}");
    Environment.Exit(0);
}

// A thread of the pool asks many things at once when all others of the pool are blocked, and is then blocked too.
static Task[] AskAndBlock(ZooKeeperClient client, ManualResetEventSlim never)
{
    var requests = new Task[16];
    using var others = new CountdownEvent(Environment.ProcessorCount - 1);
    using var asked = new ManualResetEventSlim();
    ThreadPool.QueueUserWorkItem(_ =>
    {
        for (var i = 0; i < Environment.ProcessorCount - 1; i++)
        {
            ThreadPool.QueueUserWorkItem(_ =>
            {
                others.Signal();
                never.Wait();
            });
        }

        others.Wait();
        for (var i = 0; i < requests.Length; i++)
        {
            requests[i] = client.ExistsAsync("/client");
        }

        asked.Set();
        never.Wait();
    });
    asked.Wait();
    return requests;
}
