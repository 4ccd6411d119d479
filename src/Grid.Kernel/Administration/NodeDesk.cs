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

    public NodeDesk(ComputeService compute, TimeProvider time, int slots)
    {
        _compute = compute;
        _time = time;
        _slots = slots;
        _startedAt = time.GetTimestamp();
    }

    /// <summary>The version of Grid in this process.</summary>
    public static string GridVersion { get; } =
        typeof(NodeDesk).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";

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
        else
        {
            // Presence; and a request must be answered: an empty answer is what no other kind has.
            from.Reply(message.RequestId, Lane.Control, []);
        }
    }

    public int Cancel(CancelRequest request) => _compute.CancelJob(request.Job, request.By);

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
            Jobs = [.. jobs],
            JobCount = count,
        };
    }
}
