using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Grid.Discovery.ZooKeeper.Session;

/// <summary>Asks one server how it is, with the four-letter command that servers allow unless told otherwise. Blocks its thread for a bounded time.</summary>
internal static class ServerQuestion
{
    private const int AnswerBytesMax = 4096;
    private const string NoQuorum = "This ZooKeeper instance is not currently serving requests";

    public static ServerAnswer Ask(IPEndPoint server, TimeSpan wait)
    {
        try
        {
            using var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            return Connect(socket, server, wait) switch
            {
                SocketError.Success => Converse(socket, wait),
                SocketError.ConnectionRefused => ServerAnswer.NotServing,
                _ => ServerAnswer.Unknown,
            };
        }
        catch (SocketException)
        {
            return ServerAnswer.Unknown;
        }
    }

    /// <summary>What the answer to <c>srvr</c> tells.</summary>
    public static ServerAnswer Understand(string answer)
    {
        if (answer.StartsWith(NoQuorum, StringComparison.Ordinal))
        {
            return ServerAnswer.NotServing;
        }

        return answer.Contains("\nMode: ", StringComparison.Ordinal) ? ServerAnswer.Serving : ServerAnswer.Unknown;
    }

    private static SocketError Connect(Socket socket, IPEndPoint server, TimeSpan wait)
    {
        socket.Blocking = false;
        try
        {
            socket.Connect(server);
            return SocketError.Success;
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
        {
            return socket.Poll(wait, SelectMode.SelectWrite)
                ? (SocketError)(int)socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error)!
                : SocketError.TimedOut;
        }
        catch (SocketException exception)
        {
            return exception.SocketErrorCode;
        }
    }

    private static ServerAnswer Converse(Socket socket, TimeSpan wait)
    {
        socket.Blocking = true;
        socket.SendTimeout = socket.ReceiveTimeout = (int)wait.TotalMilliseconds;
        socket.Send("srvr"u8);
        var answer = new byte[AnswerBytesMax];
        var length = 0;
        for (var received = -1; received != 0 && length < answer.Length; length += received)
        {
            received = socket.Receive(answer.AsSpan(length));
        }

        return Understand(Encoding.ASCII.GetString(answer, 0, length));
    }
}
