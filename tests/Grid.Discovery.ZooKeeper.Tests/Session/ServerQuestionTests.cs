using System.Net;
using System.Net.Sockets;
using System.Text;
using Grid.Discovery.ZooKeeper.Session;

namespace Grid.Discovery.ZooKeeper.Tests.Session;

public sealed class ServerQuestionTests
{
    [Theory]
    [InlineData("This ZooKeeper instance is not currently serving requests\n", true, false)]
    [InlineData("Zookeeper version: 3.8.0\nLatency min/avg/max: 0/0/0\nMode: follower\nNode count: 5\n", false, true)]
    [InlineData("srvr is not executed because it is not in the whitelist.\n", false, false)]
    [InlineData("", false, false)]
    [InlineData("HTTP/1.1 400 Bad Request", false, false)]
    public void Only_a_clear_answer_counts(string answer, bool isDown, bool isServing)
    {
        Assert.Equal(isDown, ServerQuestion.Understand(answer) == ServerAnswer.NotServing);
        Assert.Equal(isServing, ServerQuestion.Understand(answer) == ServerAnswer.Serving);
    }

    [Fact]
    public void A_closed_port_on_a_reachable_host_is_a_server_that_does_not_serve()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var endpoint = (IPEndPoint)listener.LocalEndpoint;
        listener.Stop();

        Assert.Equal(ServerAnswer.NotServing, ServerQuestion.Ask(endpoint, TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public void A_server_that_says_nothing_tells_nothing()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();

        Assert.Equal(ServerAnswer.Unknown, ServerQuestion.Ask((IPEndPoint)listener.LocalEndpoint, TimeSpan.FromMilliseconds(50)));
    }

    [Fact]
    public async Task A_server_is_asked_in_words_that_it_knows()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var asking = Task.Run(() => ServerQuestion.Ask((IPEndPoint)listener.LocalEndpoint, TimeSpan.FromSeconds(10)));
        using var connection = await listener.AcceptTcpClientAsync();
        var question = new byte[4];
        await connection.GetStream().ReadExactlyAsync(question);
        await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes("This ZooKeeper instance is not currently serving requests\n"));
        connection.Close();

        Assert.Equal("srvr", Encoding.ASCII.GetString(question));
        Assert.Equal(ServerAnswer.NotServing, await asking);
    }
}
