using Grid.Testing.Network;

namespace Grid.Messaging.Tests;

/// <summary>Two nodes on hosts named first and second of one in-memory network.</summary>
internal sealed record TwoNodes(TestNode First, TestNode Second) : IAsyncDisposable
{
    public static async Task<TwoNodes> StartAsync(InMemoryNetwork network, MessengerOptions? options = null, TimeProvider? time = null) => new(
        await TestNode.StartAsync(network.CreateProvider("first"), 1, options, time),
        await TestNode.StartAsync(network.CreateProvider("second"), 2, options, time));

    public async ValueTask DisposeAsync()
    {
        await First.DisposeAsync();
        await Second.DisposeAsync();
    }
}
