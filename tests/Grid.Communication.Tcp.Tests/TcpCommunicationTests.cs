using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;

namespace Grid.Communication.Tcp.Tests;

[Trait("Lane", "loopback")]
public sealed class TcpCommunicationTests
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task An_address_in_use_is_refused_by_name()
    {
        await using var first = Create(new NodeEndpoint("127.0.0.1", 0));
        var endpoint = (await first.ListenAsync(CancellationToken.None))[0];
        await using var second = Create(endpoint);

        var error = await Assert.ThrowsAsync<CommunicationException>(() => second.ListenAsync(CancellationToken.None));

        Assert.Contains(endpoint.ToString(), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_advertised_address_replaces_the_one_listened_at_and_takes_its_port()
    {
        await using var provider = new TcpCommunication(
            new TcpCommunicationOptions { Listen = new("127.0.0.1", 0), Advertise = new("grid.example", 0) }, NullLogger<TcpCommunication>.Instance);

        var advertised = Assert.Single(await provider.ListenAsync(CancellationToken.None));

        Assert.Equal("grid.example", advertised.Host);
        Assert.NotEqual(0, advertised.Port);
    }

    [Fact]
    public async Task A_wildcard_listener_advertises_no_wildcard()
    {
        await using var provider = Create(new NodeEndpoint("0.0.0.0", 0));

        var advertised = await provider.ListenAsync(CancellationToken.None);

        Assert.NotEmpty(advertised);
        Assert.DoesNotContain(advertised, endpoint => endpoint.Host is "0.0.0.0" or "::");
    }

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    public async Task A_provider_for_loopback_only_binds_nothing_else(string host)
    {
        await using var provider = new TcpCommunication(
            new TcpCommunicationOptions { Listen = new(host, 0), IsLoopbackOnly = true }, NullLogger<TcpCommunication>.Instance);

        var error = await Assert.ThrowsAsync<CommunicationException>(() => provider.ListenAsync(CancellationToken.None));

        Assert.Contains("Security:ClusterSecret", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ipv6_loopback_works_and_counts_as_loopback()
    {
        await using var listener = Create(new NodeEndpoint("::1", 0));
        var endpoint = (await listener.ListenAsync(CancellationToken.None))[0];
        await using var dialer = Create(new NodeEndpoint("127.0.0.1", 0));

        var accept = listener.AcceptAsync(CancellationToken.None).AsTask();
        await using var near = await dialer.ConnectAsync(endpoint, CancellationToken.None).AsTask().WaitAsync(Guard);

        Assert.True(near.IsLoopback);
        Assert.True((await accept.WaitAsync(Guard))!.IsLoopback);
    }

    [Fact]
    public async Task Pipes_beyond_the_limit_are_refused()
    {
        await using var listener = Create(new NodeEndpoint("127.0.0.1", 0));
        var endpoint = (await listener.ListenAsync(CancellationToken.None))[0];
        await using var dialer = new TcpCommunication(new TcpCommunicationOptions { PipesMax = 1 }, NullLogger<TcpCommunication>.Instance);
        await using var first = await dialer.ConnectAsync(endpoint, CancellationToken.None).AsTask().WaitAsync(Guard);

        var error = await Assert.ThrowsAsync<CommunicationException>(() => dialer.ConnectAsync(endpoint, CancellationToken.None).AsTask().WaitAsync(Guard));

        Assert.Contains("PipesMax", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, dialer.OpenPipes);
    }

    [Fact]
    public async Task A_closed_pipe_makes_room_for_another()
    {
        await using var listener = Create(new NodeEndpoint("127.0.0.1", 0));
        var endpoint = (await listener.ListenAsync(CancellationToken.None))[0];
        await using var dialer = new TcpCommunication(new TcpCommunicationOptions { PipesMax = 1 }, NullLogger<TcpCommunication>.Instance);
        var first = await dialer.ConnectAsync(endpoint, CancellationToken.None).AsTask().WaitAsync(Guard);

        await first.DisposeAsync();

        await using var second = await dialer.ConnectAsync(endpoint, CancellationToken.None).AsTask().WaitAsync(Guard);
        Assert.Equal(1, dialer.OpenPipes);
    }

    [Fact]
    public async Task A_connect_to_an_address_that_does_not_answer_can_be_cancelled()
    {
        using var full = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        full.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        full.Listen(0);
        var endpoint = new NodeEndpoint("127.0.0.1", ((IPEndPoint)full.LocalEndPoint!).Port);
        await using var dialer = Create(new NodeEndpoint("127.0.0.1", 0));
        using var cancellation = new CancellationTokenSource();
        var pending = Enumerable.Range(0, 8).Select(_ => dialer.ConnectAsync(endpoint, cancellation.Token).AsTask()).ToList();

        await cancellation.CancelAsync();

        var cancelled = 0;
        foreach (var connect in pending)
        {
            try
            {
                await using var pipe = await connect.WaitAsync(Guard);
            }
            catch (OperationCanceledException)
            {
                cancelled++;
            }
        }

        // The backlog takes one or two.
        Assert.InRange(cancelled, 1, 8);
    }

    [Fact]
    public void Options_out_of_range_are_listed_together()
    {
        var error = Assert.Throws<GridConfigurationException>(() =>
            new TcpCommunication(new TcpCommunicationOptions { PipesMax = 0, Backlog = 0, Spin = TimeSpan.FromSeconds(1) }, NullLogger<TcpCommunication>.Instance));

        Assert.Equal(3, error.Problems.Count);
    }

    private static TcpCommunication Create(NodeEndpoint listen) => new(new TcpCommunicationOptions { Listen = listen }, NullLogger<TcpCommunication>.Instance);
}
