using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Grid.Collision;
using Grid.Kernel.Compute;
using Grid.Kernel.Compute.Execution;
using Grid.Kernel.Compute.Wire;
using Grid.Kernel.ForkJoin;
using Grid.Messaging;
using Grid.Serialization;
using Grid.Spi;
using Microsoft.Extensions.Logging.Abstractions;

namespace Grid.Kernel.Tests.Compute;

/// <summary>A job host without a node around it: requests go in as bytes, replies come back as values.</summary>
internal sealed class HostProbe : IJobReplies, IDisposable
{
    private static readonly TimeSpan HangGuard = TimeSpan.FromSeconds(30);

    private readonly GridSerializer _serializer = new(new SerializerOptions(), new LoadedModuleCatalog());
    private readonly ComputeMetrics _metrics;
    private readonly ForkJoinMetrics _forkJoinMetrics = new(null);
    private readonly RequestReader _reader;
    private readonly ConcurrentDictionary<long, TaskCompletionSource<(ReplyStatus Status, byte[] Body)>> _replies = new();
    private long _number;

    public HostProbe(int slots = 1, ComputeOptions? options = null, TimeProvider? time = null, ICollisionSpi? collision = null)
    {
        _metrics = new ComputeMetrics(null, () => (0, 0));
        _reader = new RequestReader(time ?? TimeProvider.System, NullLogger.Instance);
        Host = new JobHost(options ?? new ComputeOptions(), new JobHostParts
        {
            Slots = slots,
            Resources = ResourceAmounts.Of(("gpu", 2)),
            Collision = collision ?? new Fifo(),
            Serializer = _serializer,
            Time = time ?? TimeProvider.System,
            Logger = NullLogger.Instance,
            JobLogger = NullLogger.Instance,
            Services = NoServices.Instance,
            LocalNode = () => Nodes.Make(1),
            IsFenced = () => IsFenced,
            GridFor = _ => throw new InvalidOperationException("these tests submit no nested work through a grid"),
            ForkJoin = new ForkJoinEngine(new ForkJoinOptions(), new Random(1), _forkJoinMetrics),
            Metrics = _metrics,
            Statistics = new JobStatistics(time ?? TimeProvider.System),
        });
    }

    public JobHost Host { get; }

    public ComputeMetrics Metrics => _metrics;

    public bool IsFenced { get; set; }

    public ConcurrentQueue<JobNotice> Notices { get; } = new();

    /// <summary>The requests whose jobs were said to have been running for a while.</summary>
    public ConcurrentQueue<long> Announced { get; } = new();

    public ConcurrentQueue<JobLogLine> Lines { get; } = new();

    /// <summary>Hands a job in; the task ends with its reply.</summary>
    public Task<(ReplyStatus Status, byte[] Body)> Submit(Delegate job, long remainingMs = -1, JobFlags flags = JobFlags.None) => Submit(job, out _, remainingMs, flags);

    /// <summary>For method groups: a lambda around it would put this probe into the scope of the jobs beside it.</summary>
    public Task<(ReplyStatus Status, byte[] Body)> SubmitPlain(Delegate job) => Submit(job);

    /// <summary>Hands a job in whose log lines of that level are wanted.</summary>
    [SuppressMessage("Reliability", "CA2000", Justification = "The request owns the buffer.")]
    public Task<(ReplyStatus Status, byte[] Body)> SubmitLogging(Delegate job, Microsoft.Extensions.Logging.LogLevel level)
    {
        var number = Interlocked.Increment(ref _number);
        var request = Encode(job);
        var delegateBytes = request.WrittenBytes - JobHeader.Size;
        new JobTrailer("logging", level).Write(request);
        var bytes = System.Runtime.InteropServices.MemoryMarshal.AsMemory(request.WrittenMemory).Span;
        new JobHeader(number, 1, -1, JobFlags.HasTrailer, delegateBytes).Write(bytes);
        return Submit(request, number, out _);
    }

    /// <summary>Hands a job in with what its options say to the node.</summary>
    [SuppressMessage("Reliability", "CA2000", Justification = "The request owns the buffer.")]
    public Task<(ReplyStatus Status, byte[] Body)> SubmitWith(JobOptions options, Delegate job, out JobKey key)
    {
        var number = Interlocked.Increment(ref _number);
        var request = Encode(job);
        var delegateBytes = request.WrittenBytes - JobHeader.Size;
        JobTrailer.For(options).Write(request);
        new JobHeader(number, 1, -1, JobFlags.HasTrailer, delegateBytes).Write(System.Runtime.InteropServices.MemoryMarshal.AsMemory(request.WrittenMemory).Span);
        return Submit(request, number, out key);
    }

    [SuppressMessage("Reliability", "CA2000", Justification = "The request owns the buffer.")]
    public Task<(ReplyStatus Status, byte[] Body)> Submit(Delegate job, out JobKey key, long remainingMs = -1, JobFlags flags = JobFlags.None)
    {
        var number = Interlocked.Increment(ref _number);
        var request = Encode(job);
        var bytes = System.Runtime.InteropServices.MemoryMarshal.AsMemory(request.WrittenMemory).Span;
        new JobHeader(number, 1, remainingMs, flags, request.WrittenBytes - JobHeader.Size).Write(bytes);
        return Submit(request, number, out key);
    }

    public Task<(ReplyStatus Status, byte[] Body)> Submit(MessageBuffer request, long number, out JobKey key)
    {
        var reply = new TaskCompletionSource<(ReplyStatus, byte[])>(TaskCreationOptions.RunContinuationsAsynchronously);
        _replies[number] = reply;
        key = new JobKey(new NodeKey(new NodeId(7), 1), number, 1);
        if (_reader.TryRead(new RequestSource(key.Submitter, this, number), request, out var parsed))
        {
            Host.Accept(parsed);
        }

        return reply.Task.WaitAsync(HangGuard);
    }

    public T Read<T>(byte[] body) => _serializer.Read<T>(body);

    public Exception ReadException(byte[] body) => _serializer.ReadException(body);

    public bool HasReply(JobKey key) => _replies[key.Number].Task.IsCompleted;

    string IJobReplies.Submitter => "probe";

    void IJobReplies.Announce(ReadOnlySpan<byte> requests)
    {
        for (; !requests.IsEmpty; requests = requests[sizeof(long)..])
        {
            Announced.Enqueue(System.Buffers.Binary.BinaryPrimitives.ReadInt64LittleEndian(requests));
        }
    }

    void IJobReplies.Log(ReadOnlySpan<byte> line)
    {
        Assert.True(JobLogNotice.TryRead(line, out var read));
        Lines.Enqueue(read.Line);
    }

    bool IJobReplies.Reply(long requestId, ReadOnlySpan<byte> reply)
    {
        Assert.True(JobReply.TryRead(reply, out var read));
        Assert.True(_replies[requestId].TrySetResult((read.Status, read.Body.ToArray())), "a job was answered twice");
        return true;
    }

    void IJobReplies.Notify(ReadOnlySpan<byte> notice)
    {
        Assert.True(JobNotice.TryRead(notice, out var read));
        Notices.Enqueue(read);
    }

    public void Dispose()
    {
        Host.Stop();
        _metrics.Dispose();
        _forkJoinMetrics.Dispose();
    }

    private MessageBuffer Encode(Delegate job)
    {
        var request = new MessageBuffer();
        request.GetSpan(JobHeader.Size);
        request.Advance(JobHeader.Size);
        _serializer.Write(request, job);
        return request;
    }

    private sealed class NoServices : IServiceProvider
    {
        public static readonly NoServices Instance = new();

        public object? GetService(Type serviceType) => null;
    }
}
