using System.Diagnostics.CodeAnalysis;

namespace Grid.Serialization;

/// <summary>Throws, out of line so that the callers stay small enough to be inlined.</summary>
internal static class Malformed
{
    [DoesNotReturn]
    public static void Truncated(int position, long wanted, int left) =>
        throw new MalformedPayloadException($"The payload ends at byte {position}: {wanted} more bytes or elements are announced, {left} bytes are left.");

    [DoesNotReturn]
    public static void Unexpected(int position, byte code, string expected) =>
        throw new MalformedPayloadException($"Byte {position} of the payload is 0x{code:x2} where {expected} was expected; was it written with another type?");

    [DoesNotReturn]
    public static void Limit(int position, string what, long value, string option, long max) =>
        throw new MalformedPayloadException($"At byte {position} the payload holds {what} of {value}; SerializerOptions.{option} allows {max}.");

    [DoesNotReturn]
    public static void Content(int position, string problem) => throw new MalformedPayloadException($"At byte {position} of the payload: {problem}");
}
