using Microsoft.Win32.SafeHandles;

namespace Grid.Kernel.Gossip.Sampling;

/// <summary>
/// A small file that the system writes anew for each reader. It is opened once and read again and again into one buffer, without allocating. One thread uses it.
/// </summary>
internal sealed class StatFile : IDisposable
{
    private const int BytesMax = 8 * 1024;

    private readonly SafeFileHandle _handle;
    private readonly byte[] _buffer = new byte[BytesMax];

    private StatFile(SafeFileHandle handle) => _handle = handle;

    /// <summary>Opens a file, or gives null when there is none that this process may read.</summary>
    public static StatFile? TryOpen(string path)
    {
        try
        {
            return File.Exists(path) ? new StatFile(File.OpenHandle(path)) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The file's text as it is now, its first 8 KiB; empty when it cannot be read. Valid until the next call.</summary>
    public ReadOnlySpan<byte> Read()
    {
        try
        {
            return _buffer.AsSpan(0, RandomAccess.Read(_handle, _buffer, 0));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    public void Dispose() => _handle.Dispose();
}
