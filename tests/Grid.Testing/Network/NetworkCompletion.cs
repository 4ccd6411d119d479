using System.Runtime.ExceptionServices;
using System.Threading.Tasks.Sources;

namespace Grid.Testing.Network;

/// <summary>
/// One result that is awaited once and always continued on the network's thread. A task would not do: when it completes between the look at
/// <c>IsCompleted</c> and the registration of the continuation, it is the shared thread pool that continues.
/// </summary>
internal sealed class NetworkCompletion<TResult>(NetworkThread thread) : IValueTaskSource<TResult>
{
    private readonly Lock _gate = new();
    private Action? _continue;
    private bool _isDone;
    private TResult? _result;
    private Exception? _error;

    /// <summary>What is awaited.</summary>
    public ValueTask<TResult> Task => new(this, 0);

    public bool IsDone
    {
        get
        {
            lock (_gate)
            {
                return _isDone;
            }
        }
    }

    public bool TrySetResult(TResult result) => TrySet(result, null);

    public bool TrySetException(Exception error) => TrySet(default, error);

    public bool TrySetCanceled(CancellationToken token) => TrySet(default, new OperationCanceledException(token));

    public TResult GetResult(short token)
    {
        lock (_gate)
        {
            if (_error is not null)
            {
                ExceptionDispatchInfo.Throw(_error);
            }

            return _isDone ? _result! : throw new InvalidOperationException("The operation has not completed: await it.");
        }
    }

    public ValueTaskSourceStatus GetStatus(short token)
    {
        lock (_gate)
        {
            return !_isDone ? ValueTaskSourceStatus.Pending
                : _error is null ? ValueTaskSourceStatus.Succeeded
                : _error is OperationCanceledException ? ValueTaskSourceStatus.Canceled
                : ValueTaskSourceStatus.Faulted;
        }
    }

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        lock (_gate)
        {
            _continue = () => continuation(state);
            if (!_isDone)
            {
                return;
            }
        }

        thread.Post(TimeSpan.Zero, _continue);
    }

    private bool TrySet(TResult? result, Exception? error)
    {
        Action? next;
        lock (_gate)
        {
            if (_isDone)
            {
                return false;
            }

            _isDone = true;
            _result = result;
            _error = error;
            next = _continue;
        }

        if (next is not null)
        {
            thread.Post(TimeSpan.Zero, next);
        }

        return true;
    }
}
