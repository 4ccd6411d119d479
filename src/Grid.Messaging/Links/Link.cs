using System.Diagnostics;
using System.IO.Pipelines;
using Grid.Messaging.Frames;
using Grid.Messaging.Handshake;
using Grid.Messaging.Streams;
using Grid.Spi;

namespace Grid.Messaging.Links;

/// <summary>
/// One authenticated pipe to one peer. Its read loop runs on the pipe's I/O thread, hands messages to their handlers and, whatever ended the link, is the
/// one place that reports it: everybody else only aborts the pipe.
/// </summary>
internal sealed class Link : IFrameSink
{
    private readonly MessengerContext _context;
    private readonly ICommunicationPipe _pipe;
    private readonly FrameReader _reader;
    private readonly int _protocolVersion;
    private GridException? _reason;
    private bool _isAgreedEnd;
    private Task _reading = Task.CompletedTask;

    public Link(Peer peer, ICommunicationPipe pipe, in HandshakeResult handshake, bool isDialedByPeer, MessengerContext context)
    {
        Peer = peer;
        Id = handshake.LinkId;
        IsDialedByPeer = isDialedByPeer;
        _context = context;
        _pipe = pipe;
        _protocolVersion = handshake.ProtocolVersion;
        _reader = new FrameReader(this, _context.Options.MessageBytesMax);
        Writer = peer.Outbox.CreateWriter(this, pipe.Output);
        Streams = new StreamTable(this, _context);
        Watch = new LinkWatch(this, _context);
    }

    public Peer Peer { get; }

    public ulong Id { get; }

    /// <summary>Who the node was when it shook hands.</summary>
    public required LocalPeer Local { get; init; }

    public bool IsDialedByPeer { get; }

    public LinkWriter Writer { get; }

    public StreamTable Streams { get; }

    public LinkWatch Watch { get; }

    /// <summary>Ends when the link is down and everything has been told.</summary>
    public Task Completion => _reading;

    /// <summary>Begins to read; returns when the first read is pending.</summary>
    public void Start()
    {
        MessagingLog.LinkUp(_context.Logger, Peer.Node, _pipe.RemoteEndpoint, _protocolVersion);
        _reading = RunAsync();
    }

    /// <summary>Breaks the link; the read loop reports it. Any thread; only the first reason counts.</summary>
    public void Abort(Exception reason)
    {
        var translated = reason as GridException ?? new CommunicationException(
            $"The link to {Peer.Node} failed inside this node: {reason.Message}", reason)
        { MayHaveBeenDelivered = true };
        Interlocked.CompareExchange(ref _reason, translated, null);
        _pipe.Abort();
    }

    /// <summary>Both sides have agreed that nothing is under way: ends the link without an error.</summary>
    public void EndAgreed()
    {
        _isAgreedEnd = true;
        _pipe.Abort();
    }

    public void OnFrame(in FrameHeader header, ReadOnlySpan<byte> payload, MessageBuffer? assembled, in ActivityContext trace)
    {
        var requestId = header.Type == FrameType.Request ? header.Id : 0;
        var message = new IncomingMessage(header.Kind, header.Lane, requestId, payload, assembled, trace);
        switch (header.Type)
        {
            case FrameType.Reply:
                Watch.Used();
                Peer.Outbox.TakePending(header.Id)?.OnReply(Peer, message);
                break;
            case FrameType.Request or FrameType.OneWay:
                Watch.Used();
                Dispatch(header, message);
                break;
            case FrameType.NotHandled:
                Peer.Outbox.TakePending(header.Id)?.OnFailed(new CommunicationException(
                    $"{Peer.Node} does not handle requests of kind {header.Kind}: does it run another version, or lack the feature?"));
                break;
            case FrameType.Ping:
                Peer.Outbox.AddLinkBound(this, new FrameHeader(FrameType.Pong, 0, FrameFlags.None, Lane.Control, header.Id, 0), []);
                break;
            case FrameType.Pong:
                break;
            case FrameType.Close or FrameType.CloseAgreed or FrameType.CloseRefused:
                Watch.OnClosing(header.Type);
                break;
            default:
                Watch.Used();
                Streams.OnFrame(header, message);
                break;
        }
    }

    private void Dispatch(in FrameHeader header, in IncomingMessage message)
    {
        if (_context.Handlers[header.Kind] is { } handler)
        {
            if (header.Type == FrameType.Request)
            {
                Peer.Outbox.CountUnanswered();
            }

            handler.OnMessage(Peer, message);
            return;
        }

        MessagingLog.NotHandled(_context.Logger, Peer.Node, header.Kind);
        if (header.Type == FrameType.Request)
        {
            Peer.Outbox.AddLinkBound(this, header with { Type = FrameType.NotHandled }, []);
        }
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                var result = await _pipe.Input.ReadAsync(CancellationToken.None).ConfigureAwait(false);
                Consume(result);
                if (result.IsCompleted)
                {
                    Abort(new CommunicationException($"{Peer.Node} closed the link, or its process ended.") { MayHaveBeenDelivered = true });
                    break;
                }
            }
        }
        catch (GridException error)
        {
            Abort(error);
        }
        catch (Exception error)
        {
            MessagingLog.HandlerFailed(_context.Logger, Peer.Node, error);
            Abort(error);
        }

        await EndAsync().ConfigureAwait(false);
    }

    private void Consume(in ReadResult result)
    {
        Watch.Received();
        var frames = _reader.Frames;
        var consumed = result.Buffer.Start;
        BatchOfThread.Open();
        try
        {
            consumed = _reader.Read(result.Buffer);
        }
        finally
        {
            BatchOfThread.Close();
        }

        _context.Metrics.Received(_reader.Frames - frames, result.Buffer.Slice(0, consumed).Length);
        _pipe.Input.AdvanceTo(consumed, result.Buffer.End);
    }

    private async ValueTask EndAsync()
    {
        var reason = _isAgreedEnd ? null : _reason;
        _reader.DropAssemblies();
        Peer.Outbox.OnLinkDown(this, reason);
        Streams.FailAll(reason ?? new CommunicationException($"The link to {Peer.Node} was closed."));
        await _pipe.Input.CompleteAsync().ConfigureAwait(false);
        await _pipe.DisposeAsync().ConfigureAwait(false);
    }
}
