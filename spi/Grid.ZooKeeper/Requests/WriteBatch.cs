using Grid.ZooKeeper.Wire;

namespace Grid.ZooKeeper.Requests;

/// <summary>Frames gathered for one write. Belongs to whoever owns the connection's writing side.</summary>
internal sealed class WriteBatch
{
    private const int CapacityUsual = 16 * 1024;
    private byte[] _bytes = new byte[CapacityUsual];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Span => _bytes.AsSpan(0, Length);

    public void Clear()
    {
        Length = 0;
        if (_bytes.Length > CapacityUsual)
        {
            _bytes = new byte[CapacityUsual];
        }
    }

    /// <summary>Whether a frame of this length fits; the first one always does.</summary>
    public bool CanTake(int frameBytes) => Length == 0 || Length + frameBytes <= _bytes.Length;

    public void Add(Frame frame)
    {
        if (Length + frame.Length > _bytes.Length)
        {
            Array.Resize(ref _bytes, Length + frame.Length);
        }

        frame.Span.CopyTo(_bytes.AsSpan(Length));
        Length += frame.Length;
    }
}
