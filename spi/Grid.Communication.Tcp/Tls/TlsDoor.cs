namespace Grid.Communication.Tcp;

/// <summary>Lets accepted connections make their handshake of TLS, each on the thread that becomes its reader, a bounded number at once.</summary>
internal sealed class TlsDoor(TlsHandshake handshake, int handshakesMax, TcpDoor door)
{
    private int _underWay;

    /// <summary>Begins a handshake, or refuses the connection when too many are under way.</summary>
    /// <param name="pipe">Admitted, not secured yet.</param>
    /// <param name="handOver">Given the secured pipe, on its thread; the handshake counts until it returns.</param>
    public void Begin(TcpPipe pipe, Action<TcpPipe> handOver)
    {
        if (Interlocked.Increment(ref _underWay) > handshakesMax)
        {
            Interlocked.Decrement(ref _underWay);
            door.RefuseForHandshakes(pipe, handshakesMax);
            return;
        }

        new Thread(() => Run(pipe, handOver)) { IsBackground = true, Name = $"grid tcp read {pipe.RemoteEndpoint}" }.Start();
    }

    private void Run(TcpPipe pipe, Action<TcpPipe> handOver)
    {
        try
        {
            pipe.Secure(handshake.Accept(pipe));
            handOver(pipe);
        }
        catch (TlsRefusedException refused)
        {
            door.Refuse(pipe, refused);
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }

        pipe.RunReader();
    }
}
