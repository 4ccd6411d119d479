using System.Diagnostics.Metrics;

namespace Grid.Communication.Tcp.Tests;

/// <summary>Counts refusals by reason, and tells when one is counted.</summary>
internal sealed class RefusalCounter : IMeterFactory
{
    private readonly Lock _gate = new();
    private readonly List<Meter> _meters = [];
    private readonly MeterListener _listener = new();
    private readonly Dictionary<string, long> _counts = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="instrument">The counter to listen to.</param>
    public RefusalCounter(string instrument)
    {
        _listener.InstrumentPublished = (published, listener) =>
        {
            if (published.Name == instrument && published.Meter.Scope == this)
            {
                listener.EnableMeasurementEvents(published);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, count, tags, _) => Add((string)tags[0].Value!, count));
        _listener.Start();
    }

    public Meter Create(MeterOptions options)
    {
        var meter = new Meter(new MeterOptions(options.Name) { Scope = this });
        _meters.Add(meter);
        return meter;
    }

    /// <summary>Waits until so many were counted for a reason.</summary>
    public async Task UntilAsync(string reason, long count)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (_counts.GetValueOrDefault(reason) >= count)
                {
                    Assert.Equal(count, _counts[reason]);
                    return;
                }

                changed = _changed.Task;
            }

            try
            {
                await changed.WaitAsync(TimeSpan.FromSeconds(30));
            }
            catch (TimeoutException)
            {
                Assert.Fail($"Waiting for {count} of {reason}; counted are {string.Join(", ", _counts)}.");
            }
        }
    }

    public void Dispose()
    {
        _listener.Dispose();
        _meters.ForEach(meter => meter.Dispose());
    }

    private void Add(string reason, long count)
    {
        lock (_gate)
        {
            _counts[reason] = _counts.GetValueOrDefault(reason) + count;
            _changed.TrySetResult();
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
