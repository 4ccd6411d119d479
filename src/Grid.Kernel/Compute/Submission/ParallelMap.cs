using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Grid.Kernel.Compute.Submission;

/// <summary>Maps many items with one function, a job each, with a bounded number in flight.</summary>
internal sealed class ParallelMap<TItem, TResult>(JobSubmitter submitter, JobSpec spec, Func<TItem, TResult> map)
{
    /// <summary>The results in the order of the items.</summary>
    public async Task<TResult[]> ToArrayAsync(IEnumerable<TItem> items, CancellationToken ct)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(ct, submitter.Disposing);
        var calls = new List<Task<TResult>>();
        try
        {
            var encoded = submitter.Encode(spec, map);
            foreach (var item in items)
            {
                calls.Add(await StartAsync(encoded, item, ending).ConfigureAwait(false));
            }

            return await Task.WhenAll(calls).ConfigureAwait(false);
        }
        catch (Exception)
        {
            await EndAllAsync(calls, ending).ConfigureAwait(false);
            ct.ThrowIfCancellationRequested();
            ThrowFirst(calls);
            throw;
        }
    }

    /// <summary>Folds the results in the order of the items, each as soon as those before it are there.</summary>
    public async Task<TFold> FoldAsync<TFold>(IEnumerable<TItem> items, TFold seed, Func<TFold, TResult, TFold> reduce, CancellationToken ct)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(ct, submitter.Disposing);
        var calls = new Queue<Task<TResult>>();
        try
        {
            var fold = seed;
            var encoded = submitter.Encode(spec, map);
            foreach (var item in items)
            {
                while (calls.TryPeek(out var first) && (first.IsCompleted || calls.Count >= submitter.Options.InFlightMax))
                {
                    fold = reduce(fold, await calls.Dequeue().ConfigureAwait(false));
                }

                calls.Enqueue(await StartAsync(encoded, item, ending).ConfigureAwait(false));
            }

            while (calls.TryDequeue(out var next))
            {
                fold = reduce(fold, await next.ConfigureAwait(false));
            }

            return fold;
        }
        catch (Exception)
        {
            await EndAllAsync(calls, ending).ConfigureAwait(false);
            ct.ThrowIfCancellationRequested();
            ThrowFirst(calls);
            throw;
        }
    }

    /// <summary>The results as they complete.</summary>
    public async IAsyncEnumerable<TResult> StreamAsync(IAsyncEnumerable<TItem> items, [EnumeratorCancellation] CancellationToken ct)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(ct, submitter.Disposing);
        var results = Channel.CreateBounded<TResult>(submitter.Options.InFlightMax);
        var pumping = PumpAsync(items, results.Writer, ending);
        try
        {
            await foreach (var result in results.Reader.ReadAllAsync(ct).ConfigureAwait(false))
            {
                yield return result;
            }

            await pumping.ConfigureAwait(false);
        }
        finally
        {
            // Whoever leaves early wants nothing of what is still under way.
            await ending.CancelAsync().ConfigureAwait(false);
            await pumping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task PumpAsync(IAsyncEnumerable<TItem> items, ChannelWriter<TResult> results, CancellationTokenSource ending)
    {
        var forwards = new Queue<Task>();
        Exception? failure = null;
        try
        {
            var encoded = submitter.Encode(spec, map);
            await foreach (var item in items.WithCancellation(ending.Token).ConfigureAwait(false))
            {
                while (forwards.TryPeek(out var first) && (first.IsCompleted || forwards.Count >= submitter.Options.InFlightMax))
                {
                    await forwards.Dequeue().ConfigureAwait(false);
                }

                var call = await StartAsync(encoded, item, ending).ConfigureAwait(false);
                forwards.Enqueue(ForwardAsync(call, results, ending.Token));
            }

            await Task.WhenAll(forwards).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            failure = exception;
            await EndAllAsync(forwards, ending).ConfigureAwait(false);
            failure = forwards.FirstOrDefault(forward => forward.IsFaulted)?.Exception!.InnerException ?? exception;
        }
        finally
        {
            results.Complete(failure);
        }
    }

    private static async Task ForwardAsync(Task<TResult> call, ChannelWriter<TResult> results, CancellationToken ct) =>
        await results.WriteAsync(await call.ConfigureAwait(false), ct).ConfigureAwait(false);

    /// <summary>Starts the job of one item when there is room. Its failure ends the others.</summary>
    private async ValueTask<Task<TResult>> StartAsync(byte[] encoded, TItem item, CancellationTokenSource ending)
    {
        ObjectDisposedException.ThrowIf(submitter.IsDisposed, typeof(IGrid));
        if (!spec.Scope.TryEnter())
        {
            await spec.Scope.EnterAsync(ending.Token).ConfigureAwait(false);
        }

        JobCall<TResult> call;
        try
        {
            call = submitter.Prepare<TItem, TResult>(spec, encoded, item);
        }
        catch
        {
            spec.Scope.Leave();
            throw;
        }

        submitter.Start(call, ending.Token);
        return EndOthersOnFailureAsync(call.Task, ending);
    }

    private static Task<TResult> EndOthersOnFailureAsync(Task<TResult> call, CancellationTokenSource ending) =>
        call.IsCompletedSuccessfully ? call : AwaitAsync(call, ending);

    private static async Task<TResult> AwaitAsync(Task<TResult> call, CancellationTokenSource ending)
    {
        try
        {
            return await call.ConfigureAwait(false);
        }
        catch
        {
            await ending.CancelAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static async Task EndAllAsync(IEnumerable<Task> calls, CancellationTokenSource ending)
    {
        await ending.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(calls).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Throws what went wrong first, rather than the cancellations that it caused.</summary>
    private static void ThrowFirst(IEnumerable<Task<TResult>> calls)
    {
        if (calls.FirstOrDefault(call => call.IsFaulted) is { } faulted)
        {
            faulted.GetAwaiter().GetResult();
        }
    }
}
