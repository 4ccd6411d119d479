using System.Diagnostics;
using System.Threading.Tasks.Sources;

namespace Grid.Spi;

/// <summary>
/// For providers whose contract says that they continue on threads of their own: one asynchronous operation at a time, completed by whoever claims it, with the
/// continuation run inline on the claimer's thread and never on the shared thread pool. The platform's sources do not promise that: they queue a
/// continuation to the pool when the result comes between the look at <c>IsCompleted</c> and the registration. Here an operation can be claimed only after its continuation
/// is registered ("armed").
/// </summary>
/// <remarks>
/// <para>Whoever has a result calls <see cref="TryClaim"/>, and after success <see cref="Complete"/> or <see cref="Unclaim"/>. A result that comes before the operation is
/// armed is found by the callback that tells of the arming. Each value task is awaited once. Members are thread-safe, <see cref="Begin"/> by one caller at a time.</para>
/// Life-cycle: Idle → Begun (a value task was handed out) → Armed (it is being awaited) → Claimed (somebody works on it) → Idle, the continuation
/// running; a claim may be given back (→ Armed). A cancellation that meets Begun or Claimed is remembered and takes effect at the next Armed.
/// </remarks>
/// <typeparam name="TResult">What the operation yields.</typeparam>
/// <param name="armed">Called when an operation becomes claimable, on the awaiting thread.</param>
/// <param name="cancelled">Makes the result of an operation that is cancelled without a token; may be called on any thread, with the operation claimed.</param>
public sealed class PendingOperation<TResult>(Action armed, Func<TResult> cancelled) : IValueTaskSource<TResult>, IValueTaskSource
{
    private const int Idle = 0;
    private const int Begun = 1;
    private const int Armed = 2;
    private const int Claimed = 3;

    private static readonly Action<object?, CancellationToken> OnToken = (state, token) => ((PendingOperation<TResult>)state!).Cancel(token);

    // Written by the operation's current owner as the state says: the caller until Armed, the claimer afterwards.
    private int _state;
    private int _cancelRequested;
    private short _version;
    private Action<object?>? _continuation;
    private object? _continuationState;
    private TResult? _result;
    private Exception? _error;
    private CancellationToken _token;
    private CancellationTokenRegistration _registration;

    /// <summary>Whether somebody awaits, so that <see cref="TryClaim"/> may succeed.</summary>
    public bool IsArmed => Volatile.Read(ref _state) == Armed;

    /// <summary>Whether an operation has begun and not ended.</summary>
    public bool IsPending => Volatile.Read(ref _state) != Idle;

    /// <summary>Starts an operation.</summary>
    /// <param name="ct">Ends it with <see cref="OperationCanceledException"/>, unless it is claimed first.</param>
    /// <returns>What to await, once.</returns>
    /// <exception cref="InvalidOperationException">Another operation is pending.</exception>
    public ValueTask<TResult> Begin(CancellationToken ct)
    {
        Start(ct);
        return new ValueTask<TResult>(this, _version);
    }

    /// <summary>As <see cref="Begin"/>, for an operation whose result nobody looks at.</summary>
    /// <inheritdoc cref="Begin"/>
    public ValueTask BeginWithoutResult(CancellationToken ct)
    {
        Start(ct);
        return new ValueTask(this, _version);
    }

    /// <summary>Takes an armed operation to complete it, or <see cref="Unclaim"/>.</summary>
    /// <returns>Whether it is the caller's now.</returns>
    public bool TryClaim() => Interlocked.CompareExchange(ref _state, Claimed, Armed) == Armed;

    /// <summary>Gives a claim back: the operation could not be completed yet.</summary>
    public void Unclaim()
    {
        Volatile.Write(ref _state, Armed);
        Interlocked.MemoryBarrier();
        CancelIfRequested();
    }

    /// <summary>Ends a claimed operation and runs what awaits it, inside this call.</summary>
    /// <param name="result">What it yields, unless there is an error.</param>
    /// <param name="error">What it throws, or <see langword="null"/>.</param>
    public void Complete(TResult? result, Exception? error)
    {
        Debug.Assert(Volatile.Read(ref _state) == Claimed, "Only the claimer completes.");
        _registration.Dispose();
        _registration = default;
        _result = result;
        _error = error;
        var continuation = _continuation!;
        var state = _continuationState;
        _continuation = null;
        _continuationState = null;
        Interlocked.Exchange(ref _cancelRequested, 0);
        Volatile.Write(ref _state, Idle);
        continuation(state);
    }

    /// <summary>Cancels the pending operation, or does nothing. The continuation may run inside this call.</summary>
    /// <returns>Whether an operation was pending.</returns>
    public bool Cancel()
    {
        if (Volatile.Read(ref _state) == Idle)
        {
            return false;
        }

        Cancel(CancellationToken.None);
        return true;
    }

    /// <inheritdoc/>
    public TResult GetResult(short token)
    {
        if (token != _version || Volatile.Read(ref _state) != Idle)
        {
            throw new InvalidOperationException("The operation has not completed or its result was taken: await each value task once.");
        }

        if (_error is { } error)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(error);
        }

        return _result!;
    }

    /// <inheritdoc/>
    public ValueTaskSourceStatus GetStatus(short token) => Volatile.Read(ref _state) != Idle
        ? ValueTaskSourceStatus.Pending
        : _error switch
        {
            null => ValueTaskSourceStatus.Succeeded,
            OperationCanceledException => ValueTaskSourceStatus.Canceled,
            _ => ValueTaskSourceStatus.Faulted,
        };

    /// <inheritdoc/>
    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        _continuationState = state;
        _continuation = continuation;
        if (token != _version || Interlocked.CompareExchange(ref _state, Armed, Begun) != Begun)
        {
            throw new InvalidOperationException("The operation is awaited twice: await each value task once.");
        }

        if (!CancelIfRequested())
        {
            armed();
        }
    }

    void IValueTaskSource.GetResult(short token) => GetResult(token);

    private void Start(CancellationToken ct)
    {
        if (Interlocked.CompareExchange(ref _state, Begun, Idle) != Idle)
        {
            throw new InvalidOperationException("An operation of this kind is pending already; await it before the next one is started.");
        }

        _version++;
        _error = null;
        _token = ct;
        if (ct.CanBeCanceled)
        {
            _registration = ct.UnsafeRegister(OnToken, this);
        }
    }

    private void Cancel(CancellationToken token)
    {
        Interlocked.Exchange(ref _cancelRequested, token.CanBeCanceled ? 2 : 1);
        CancelIfRequested();
    }

    private bool CancelIfRequested()
    {
        var request = Volatile.Read(ref _cancelRequested);
        if (request == 0 || !TryClaim())
        {
            return false;
        }

        if (request == 2)
        {
            Complete(default, new OperationCanceledException(_token));
        }
        else
        {
            Complete(cancelled(), null);
        }

        return true;
    }
}
