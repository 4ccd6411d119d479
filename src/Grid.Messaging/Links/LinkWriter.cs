using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Grid.Messaging.Frames;

namespace Grid.Messaging.Links;

/// <summary>
/// Sends what waits for a peer over one link. Whoever queued something and finds no writer at work becomes the writer, on its own thread, and takes along
/// what others queue meanwhile; so one caller alone pays no hand-over, and many share system calls. What the pipe does not take at once is continued on
/// the provider's thread, and a writer that has been at it for long hands the duty to the messenger's thread. While many messages are under way the duty goes to
/// that thread at once: until it has woken, the callers queue more, and one system call sends for all of them (256 callers: several times the rate).
/// </summary>
internal sealed class LinkWriter
{
    private const int RoundsPerCaller = 16;

    // Each look costs at most a microsecond when nobody else wants the processor; from 4 on, 256 callers gained no more.
    private const int LooksPerGathering = 4;

    private readonly Link _link;
    private readonly PipeWriter _output;
    private readonly Lock _gate;
    private readonly OutgoingQueue _queue;
    private readonly MessengerContext _context;
    private readonly Action _resume;
    private readonly Action _writeElsewhere;
    private readonly Action _writeGathered;
    private ConfiguredValueTaskAwaitable<FlushResult>.ConfiguredValueTaskAwaiter _pending;
    private WriteUnit _unit;
    private bool _isBusy;
    private bool _isStopped;

    /// <param name="link">Told when writing fails.</param>
    /// <param name="output">Where to.</param>
    /// <param name="gate">The peer's lock, which guards the queue.</param>
    /// <param name="queue">What is sent.</param>
    /// <param name="context">Shared parts.</param>
    public LinkWriter(Link link, PipeWriter output, Lock gate, OutgoingQueue queue, MessengerContext context)
    {
        _link = link;
        _output = output;
        _gate = gate;
        _queue = queue;
        _context = context;
        _resume = Resume;
        _writeElsewhere = WriteAndPump;
        _writeGathered = PumpGathered;
    }

    /// <summary>Sends what is queued: at the end of this thread's batch, or now.</summary>
    public void FlushSoon()
    {
        if (!BatchOfThread.TryAdd(this))
        {
            Flush();
        }
    }

    /// <summary>Sends what is queued, unless somebody is at it already.</summary>
    public void Flush()
    {
        lock (_gate)
        {
            if (_isBusy || _isStopped || !_queue.TryTake(out _unit))
            {
                return;
            }

            _isBusy = true;
        }

        WriteAndPump();
    }

    /// <summary>Takes the duty to write, unless somebody has it. The caller holds the lock, and calls <see cref="Gather"/> without it.</summary>
    public bool TryBeginNeedsLock()
    {
        if (_isBusy || _isStopped)
        {
            return false;
        }

        _isBusy = true;
        return true;
    }

    /// <summary>Hands the duty to the messenger's thread: many messages are under way, so that more will be queued until it has woken.</summary>
    public void Gather() => _context.Thread.Post(_writeGathered);

    /// <summary>Sends no more; the caller holds the lock.</summary>
    public void StopNeedsLock() => _isStopped = true;

    private void WriteAndPump()
    {
        if (Write())
        {
            Pump(RoundsPerCaller);
        }
    }

    // On the messenger's thread. Giving the processor away before each write lets the callers queue more for it, and looking again after it saves
    // going to sleep and being woken for the next.
    private void PumpGathered()
    {
        for (var look = 0; look < LooksPerGathering; look++)
        {
            Thread.Yield();
            if (!TrySendAll())
            {
                return;
            }
        }

        Pump(RoundsPerCaller);
    }

    private bool TrySendAll()
    {
        lock (_gate)
        {
            if (_isStopped || !_queue.TryTake(out _unit))
            {
                return true;
            }
        }

        return Write();
    }

    private void Pump(int rounds)
    {
        do
        {
            lock (_gate)
            {
                if (_isStopped || !_queue.TryTake(out _unit))
                {
                    _isBusy = false;
                    return;
                }
            }

            if (rounds-- == 0)
            {
                _context.Thread.Post(_writeElsewhere);
                return;
            }
        }
        while (Write());
    }

    // True when the unit has been sent; false when the rest continues on the provider's thread, or never.
    private bool Write()
    {
        try
        {
            if (!_unit.Prefix.IsEmpty)
            {
                _unit.Prefix.Span.CopyTo(_output.GetSpan(_unit.Prefix.Length));
                _output.Advance(_unit.Prefix.Length);
            }

#pragma warning disable CA2012 // Consumed once: here, or in Resume. Awaiting would cost a state machine per write.
            var flush = _output.WriteAsync(_unit.Bytes, CancellationToken.None).ConfigureAwait(false).GetAwaiter();
#pragma warning restore CA2012
            if (flush.IsCompleted)
            {
                flush.GetResult();
                Sent();
                return true;
            }

            _pending = flush;
            flush.UnsafeOnCompleted(_resume);
        }
        catch (Exception error)
        {
            _link.Abort(error);
        }

        return false;
    }

    private void Resume()
    {
        try
        {
            _pending.GetResult();
            Sent();
        }
        catch (Exception error)
        {
            _link.Abort(error);
            return;
        }

        Pump(int.MaxValue);
    }

    private void Sent()
    {
        _context.Metrics.Sent(_unit.Frames, _unit.Prefix.Length + _unit.Bytes.Length);
        lock (_gate)
        {
            _queue.Recycle(_unit);
        }
    }
}
