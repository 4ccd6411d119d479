using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;
using Grid.Kernel.Compute;
using Grid.Messaging;

namespace Grid.Kernel.Administration;

/// <summary>Answers operators: what is on this node, and the cancellation of a job that somebody else submitted.</summary>
internal sealed class NodeDesk : IMessageHandler
{
    private readonly ComputeService _compute;
    private readonly TimeProvider _time;
    private readonly int _slots;
    private readonly long _startedAt;
    private readonly Func<DrainRequest, Task<DrainAnswer>> _drain;

    // The last answer to a drain request; each follows the one before it. Written by link threads.
    private volatile Task _answering = Task.CompletedTask;

    /// <summary>Makes the desk of a node.</summary>
    /// <param name="compute">Its jobs.</param>
    /// <param name="time">Its clock.</param>
    /// <param name="slots">How many jobs run at once.</param>
    /// <param name="drain">Carries out drain requests.</param>
    public NodeDesk(ComputeService compute, TimeProvider time, int slots, Func<DrainRequest, Task<DrainAnswer>> drain)
    {
        _drain = drain;
        _compute = compute;
        _time = time;
        _slots = slots;
        _startedAt = time.GetTimestamp();
    }

    /// <summary>The version of Grid in this process.</summary>
    public static string GridVersion { get; } =
        typeof(NodeDesk).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";

    /// <summary>Takes the messages of operators from now on.</summary>
    public void Open(Messenger messenger)
    {
        messenger.Handle(AdministrationKinds.Report, this);
        messenger.Handle(AdministrationKinds.Cancel, this);
        messenger.Handle(AdministrationKinds.Presence, this);
        messenger.Handle(AdministrationKinds.Drain, this);
    }

    /// <inheritdoc/>
    public void OnMessage(Peer from, in IncomingMessage message)
    {
        if (message.Kind == AdministrationKinds.Report)
        {
            from.Reply(message.RequestId, Lane.Control, JsonSerializer.SerializeToUtf8Bytes(Report(), ReportJson.Default.NodeReport));
        }
        else if (message.Kind == AdministrationKinds.Cancel && CancelRequest.TryRead(message.Payload, out var request))
        {
            from.Reply(message.RequestId, Lane.Control, [(byte)Math.Min(byte.MaxValue, _compute.CancelJob(request.Job, request.By))]);
        }
        else if (message.Kind == AdministrationKinds.Drain && DrainRequest.TryRead(message.Payload, out var wanted))
        {
            _answering = AnswerDrainAsync(_answering, from, message.RequestId, wanted);
        }
        else
        {
            // Presence; and a request must be answered: an empty answer is what no other kind has.
            from.Reply(message.RequestId, Lane.Control, []);
        }
    }

    public int Cancel(CancelRequest request) => _compute.CancelJob(request.Job, request.By);

    public Task<DrainAnswer> DrainAsync(DrainRequest request) => _drain(request);

    public NodeReport Report()
    {
        var (count, jobs) = _compute.ListJobs(NodeReport.JobsMax);
        var (active, waiting) = _compute.Load;
        return new NodeReport
        {
            GridVersion = GridVersion,
            RuntimeVersion = RuntimeInformation.FrameworkDescription,
            Machine = Environment.MachineName,
            ProcessId = Environment.ProcessId,
            Protocol = ProtocolRange.Current,
            Uptime = _time.GetElapsedTime(_startedAt),
            Clock = _time.GetUtcNow(),
            Slots = _slots,
            Active = active,
            Waiting = waiting,
            Abandoned = _compute.Abandoned,
            IsAdmissionPaused = _compute.IsAdmissionPaused,
            Jobs = [.. jobs],
            JobCount = count,
        };
    }

    private async Task AnswerDrainAsync(Task before, Peer from, long requestId, DrainRequest request)
    {
        var answer = await _drain(request).ConfigureAwait(false);
        from.Reply(requestId, Lane.Control, answer.ToBytes());
        await before.ConfigureAwait(false);
    }
}
