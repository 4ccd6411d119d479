using Grid.Messaging;

namespace Grid.Kernel.Compute.Wire;

/// <summary>Lends each thread a buffer for encoding a reply that is copied when it is sent.</summary>
internal static class ScratchBuffer
{
    private const int KeptBytesMax = 64 * 1024;

    [ThreadStatic]
    private static MessageBuffer? Cached;

    /// <summary>Takes the thread's buffer, empty; a nested use gets one of its own. Give it back with <see cref="Return"/>.</summary>
    public static MessageBuffer Rent()
    {
        var buffer = Cached ?? new MessageBuffer();
        Cached = null;
        return buffer;
    }

    public static void Return(MessageBuffer buffer)
    {
        if (buffer.WrittenBytes > KeptBytesMax)
        {
            // A big array is worth more in the pool than on an idle thread.
            buffer.Dispose();
            return;
        }

        buffer.Clear();
        Cached = buffer;
    }
}
