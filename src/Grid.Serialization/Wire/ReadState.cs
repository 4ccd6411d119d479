namespace Grid.Serialization;

/// <summary>What one reader needs beside its cursor. Kept per thread and reused.</summary>
internal sealed class ReadState
{
    private const int KeptMax = 1 << 16;

    [ThreadStatic]
    private static ReadState? Cached;

    // Objects with a finalizer, which must not run on them before they are complete.
    private readonly List<object> _finalizable = [];
    private object?[] _objects = new object?[16];
    private int _objectCount;
    private ReadScope _scope;

    public List<Formatter> Types { get; } = [];

    /// <summary>Hash tables whose keys may not be complete yet; filled at the end, in order.</summary>
    public List<IDeferredFill> Deferred { get; } = [];

    public CodeIndex Code { get; private set; } = null!;

    public SerializerOptions Options { get; private set; } = null!;

    public CancellationToken CancellationToken => _scope.TokenOwner?.Token ?? _scope.CancellationToken;

    public int ObjectCount => _objectCount;

    /// <summary>For a payload inside this one.</summary>
    public ReadState RentNested() => Rent(Options, Code, _scope);

    public static ReadState Rent(SerializerOptions options, CodeIndex code, in ReadScope scope)
    {
        var state = Cached ?? new ReadState();
        Cached = null;
        state.Options = options;
        state.Code = code;
        state._scope = scope;
        return state;
    }

    public void Add(object? item)
    {
        if (_objectCount == _objects.Length)
        {
            Array.Resize(ref _objects, _objectCount * 2);
        }

        _objects[_objectCount++] = item;
    }

    public object? Get(int index) => _objects[index];

    public void Set(int index, object item) => _objects[index] = item;

    /// <summary>Keeps the finalizer from running on an object that is only partly there: for good, when the read fails.</summary>
    public void HoldFinalizer(object item)
    {
#pragma warning disable CA1816 // Not a disposal: the object was made without its constructor a moment ago.
        GC.SuppressFinalize(item);
#pragma warning restore CA1816
        _finalizable.Add(item);
    }

    /// <summary>Ends a read that has succeeded: fills the hash tables, then hands finalizable objects over to the collector.</summary>
    public void Complete()
    {
        for (var i = 0; i < Deferred.Count; i++)
        {
            Deferred[i].Fill();
        }

        foreach (var item in _finalizable)
        {
            GC.ReRegisterForFinalize(item);
        }
    }

    public void Return()
    {
        if (_objects.Length > KeptMax)
        {
            _objects = new object?[16];
        }
        else if (_objectCount > 0)
        {
            Array.Clear(_objects, 0, _objectCount);
        }

        _objectCount = 0;
        Types.Clear();
        Deferred.Clear();
        _finalizable.Clear();
        _scope = default;

        // A state that waits for its next use must not keep a load context alive.
        Code = null!;
        Cached = this;
    }
}
