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
    for (var i = 0; i < 10_000; i++)
    {
        ThreadPool.QueueUserWorkItem(_ => never.Wait());
    }

    Console.WriteLine("pool blocked");
    Console.In.ReadToEnd();
    Console.WriteLine($"end {client.Status.State}");
    Environment.Exit(0);
}
