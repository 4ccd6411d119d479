using System.Buffers.Binary;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;
using Grid.Messaging;

namespace Grid.Kernel.Administration;

/// <summary>Answers operators: what is on this node, what it has seen, why a job is where it is, and the cancellation of a job that somebody else submitted.</summary>
internal sealed class NodeDesk(NodeDeskParts parts) : IMessageHandler
{
    private readonly JobExplainer _explainer = new(parts);
    private readonly long _startedAt = parts.Time.GetTimestamp();

    // The last answer to a drain request; each follows the one before it. Written by link threads.
    private volatile Task _answering = Task.CompletedTask;

    /// <summary>The version of Grid in this process.</summary>
    public static string GridVersion { get; } =
        typeof(NodeDesk).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";

    /// <summary>Takes questions from now on; before the messenger starts.</summary>
    public void Register()
    {
        foreach (var kind in (ReadOnlySpan<byte>)[AdministrationKinds.Report, AdministrationKinds.Cancel, AdministrationKinds.Presence, AdministrationKinds.Events, AdministrationKinds.Explain, AdministrationKinds.Drain])
        {
            parts.Messenger.Handle(kind, this);
        }
    }

    /// <inheritdoc/>
    public void OnMessage(Peer from, in IncomingMessage message)
    {
        switch (message.Kind)
        {
            case AdministrationKinds.Report:
                from.Reply(message.RequestId, Lane.Control, JsonSerializer.SerializeToUtf8Bytes(Report(), ReportJson.Default.NodeReport));
                break;
            case AdministrationKinds.Events:
                from.Reply(message.RequestId, Lane.Control, JsonSerializer.SerializeToUtf8Bytes(Events(ReadMax(message.Payload)), ReportJson.Default.IReadOnlyListNodeEvent));
                break;
            case AdministrationKinds.Explain when ExplainRequest.TryRead(message.Payload, out var question):
                Explain(from, message.RequestId, question);
                break;
            case AdministrationKinds.Cancel when CancelRequest.TryRead(message.Payload, out var request):
                from.Reply(message.RequestId, Lane.Control, [(byte)Math.Min(byte.MaxValue, Cancel(request))]);
                break;
            case AdministrationKinds.Drain when DrainRequest.TryRead(message.Payload, out var wanted):
                _answering = AnswerDrainAsync(_answering, from, message.RequestId, wanted);
                break;
            default:
                // Presence; and a request must be answered: an empty answer is what no other kind has.
                from.Reply(message.RequestId, Lane.Control, []);
                break;
        }
    }

    public int Cancel(CancelRequest request) => parts.Compute.CancelJob(request.Job, request.By);

    /// <summary>The latest events of the flight recorder, the oldest first.</summary>
    public IReadOnlyList<NodeEvent> Events(int max) => [.. parts.Recorder.All.TakeLast(max)];

    /// <summary>What this process knows of a job.</summary>
    public JobExplanation Explain(ExplainRequest request) => _explainer.ExplainHere(request);

    public Task<DrainAnswer> DrainAsync(DrainRequest request) => parts.Drain(request);

    public NodeReport Report()
    {
        var (count, jobs) = parts.Compute.ListJobs(NodeReport.JobsMax);
        var (active, waiting) = parts.Compute.Load;
        var local = parts.LocalNode();
        return new NodeReport
        {
            GridVersion = GridVersion,
            RuntimeVersion = RuntimeInformation.FrameworkDescription,
            Machine = Environment.MachineName,
            ProcessId = Environment.ProcessId,
            Protocol = ProtocolRange.Current,
            Uptime = parts.Time.GetElapsedTime(_startedAt),
            Clock = parts.Time.GetUtcNow(),
            Slots = local.Slots,
            Active = active,
            Waiting = waiting,
            Abandoned = parts.Compute.Abandoned,
            IsAdmissionPaused = parts.Compute.IsAdmissionPaused,
            Jobs = [.. jobs],
            JobCount = count,
            Metrics = parts.Metrics.Find(local.Id)?.Metrics,
            Unwell = [.. parts.Health.All.Where(node => node.Condition != NodeCondition.Well).Select(node => new NodeReportedHealth(node.Node.Id, node.Node.Name, node.Condition, node.Reason))],
        };
    }

    private static int ReadMax(ReadOnlySpan<byte> payload) => payload.Length == sizeof(int) ? BinaryPrimitives.ReadInt32LittleEndian(payload) : int.MaxValue;

    private void Explain(Peer from, long requestId, ExplainRequest question)
    {
        var here = _explainer.ExplainHere(question);
        if (_explainer.SubmitterOf(question) is { } submitter)
        {
            var passedOn = question with { MayAskSubmitter = false };
            submitter.Request(AdministrationKinds.Explain, Lane.Control, passedOn.ToBytes(), new PassedOnQuestion(from, requestId, here));
        }
        else
        {
            from.Reply(requestId, Lane.Control, JobExplainer.ToJson(here));
        }
    }

    private async Task AnswerDrainAsync(Task before, Peer from, long requestId, DrainRequest request)
    {
        var answer = await parts.Drain(request).ConfigureAwait(false);
        from.Reply(requestId, Lane.Control, answer.ToBytes());
        await before.ConfigureAwait(false);
    }
}
