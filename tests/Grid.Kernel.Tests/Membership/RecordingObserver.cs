using Grid.Kernel.Membership;
using Xunit.Sdk;

namespace Grid.Kernel.Tests.Membership;

/// <summary>Writes down what an observer is told, and lets a test wait for it.</summary>
internal sealed class RecordingObserver : IMembershipObserver
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly List<string> _events = [];
    private TaskCompletionSource _news = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Action<string> OnEvent { get; set; } = _ => { };

    public IReadOnlyList<string> Events
    {
        get
        {
            lock (_gate)
            {
                return [.. _events];
            }
        }
    }

    public void OnChange(TopologyView view, IReadOnlyList<TopologyChange> changes) =>
        Add($"v{view.Version} {view.Link}: {string.Join(", ", changes.Select(change => $"{change.Kind} {change.Node!.Name}#{change.Node.Incarnation}"))}");

    public void OnFenced() => Add("fenced");

    public void OnRejoined(NodeInfo local) => Add($"rejoined {local.Name}#{local.Incarnation} order {local.JoinOrder}");

    public async Task WaitForAsync(string expected)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            Task news;
            lock (_gate)
            {
                if (_events.Contains(expected))
                {
                    return;
                }

                news = _news.Task;
            }

            try
            {
                await news.WaitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                throw new XunitException($"Waited for '{expected}'. Seen: {string.Join("; ", Events)}");
            }
        }
    }

    private void Add(string text)
    {
        OnEvent(text);
        TaskCompletionSource news;
        lock (_gate)
        {
            _events.Add(text);
            news = _news;
            _news = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        news.SetResult();
    }
}
