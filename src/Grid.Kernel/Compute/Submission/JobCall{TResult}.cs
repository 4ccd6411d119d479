using Grid.Kernel.Compute.Execution;

namespace Grid.Kernel.Compute.Submission;

/// <summary>A job whose outcome completes a task.</summary>
/// <typeparam name="TResult">What the job returns.</typeparam>
internal sealed class JobCall<TResult>(JobSubmitter submitter, JobSpec spec, RequestBytes request, long? dueAt)
    : JobCall(submitter, spec, request, dueAt)
{
    private const int PlainBytesMax = 16 * 1024;

    // A string or a value without references is read by fixed code; anything else may bring comparers or types of the user's.
    private static readonly bool IsPlainType =
        typeof(TResult) == typeof(Nothing) || typeof(TResult) == typeof(string) || typeof(TResult).IsPrimitive || typeof(TResult) == typeof(decimal)
        || typeof(TResult) == typeof(DateTime) || typeof(TResult) == typeof(TimeSpan) || typeof(TResult) == typeof(Guid)
        || (typeof(TResult).IsArray && typeof(TResult).GetElementType() is { IsPrimitive: true });

    private readonly TaskCompletionSource<TResult> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Between the reading of the result and the completion; one thread does both.
    private TResult? _result;

    public Task<TResult> Task => _completion.Task;

    public override void Complete() => _completion.TrySetResult(_result!);

    protected override bool IsPlain(int bytes) => IsPlainType && bytes <= PlainBytesMax;

    protected override void OnReturned(ReadOnlySpan<byte> body)
    {
        try
        {
            _result = typeof(TResult) == typeof(Nothing) ? default! : Serializer.Read<TResult>(body);
        }
        catch (Exception exception)
        {
            _completion.TrySetException(exception);
            return;
        }

        if (!CompletionBatch.TryAdd(this))
        {
            Complete();
        }
    }

    protected override void OnError(Exception exception) => _completion.TrySetException(exception);

    protected override void OnCancelled(CancellationToken token) => _completion.TrySetCanceled(token);
}
