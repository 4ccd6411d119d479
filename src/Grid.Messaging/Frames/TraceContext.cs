using System.Diagnostics;

namespace Grid.Messaging.Frames;

/// <summary>The W3C trace context of a frame in binary: trace id (16), span id (8), trace flags (1). The tracestate is not carried.</summary>
internal static class TraceContext
{
    public static ActivityContext Current =>
        Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity ? activity.Context : default;

    public static bool IsPresent(in ActivityContext context) => context.TraceId != default;

    public static void Write(in ActivityContext context, Span<byte> destination)
    {
        context.TraceId.CopyTo(destination[..16]);
        context.SpanId.CopyTo(destination[16..24]);
        destination[24] = (byte)context.TraceFlags;
    }

    public static ActivityContext Read(ReadOnlySpan<byte> source) => new(
        ActivityTraceId.CreateFromBytes(source[..16]),
        ActivitySpanId.CreateFromBytes(source[16..24]),
        (ActivityTraceFlags)source[24] & ActivityTraceFlags.Recorded,
        traceState: null,
        isRemote: true);
}
