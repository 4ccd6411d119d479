namespace Grid.Serialization;

/// <summary>What one writer needs beside its cursor. Kept per thread and reused: writing allocates nothing once it has grown to size.</summary>
internal sealed class WriteState
{
    /// <summary>Room in front of the body for a header with one module, the usual case, so that both leave in one copy.</summary>
    public const int HeaderRoom = 32;

    private const int KeptBytesMax = 1 << 20;

    [ThreadStatic]
    private static WriteState? Cached;

    public byte[] Buffer { get; set; } = new byte[4096];

    public ReferenceTable Objects { get; } = new();

    public ReferenceTable Types { get; } = new();

    /// <summary>Objects that get their number only when they are complete, while they are being written.</summary>
    public List<object> Open { get; } = [];

    public ModuleTable OwnModules { get; } = new();

    /// <summary>The table in use: the own one, or the enclosing payload's for an island.</summary>
    public ModuleTable Modules { get; private set; } = null!;

    public CodeIndex Code { get; private set; } = null!;

    public SerializerOptions Options { get; private set; } = null!;

    public static WriteState Rent(SerializerOptions options, CodeIndex code, ModuleTable? modules = null)
    {
        var state = Cached ?? new WriteState();
        Cached = null;
        state.Options = options;
        state.Code = code;
        state.Modules = modules ?? state.OwnModules;
        return state;
    }

    public void Return()
    {
        if (Objects.Count > 0)
        {
            Objects.Clear();
        }

        if (Types.Count > 0)
        {
            Types.Clear();
        }

        Open.Clear();
        OwnModules.Clear();
        if (Buffer.Length > KeptBytesMax)
        {
            Buffer = new byte[4096];
        }

        // A state that waits for its next use must not keep a load context alive.
        Code = null!;
        Modules = null!;
        Cached = this;
    }
}
