namespace Grid.Kernel.Tests.ForkJoin;

/// <summary>A state of a <see cref="DequeModel"/>: memory, the owner's store buffer, registers, and who has taken what.</summary>
internal sealed class DequeState
{
    public const int BottomAddress = 1;
    public const int ArrayAddress = 2;
    private const int TopAddress = 0;
    private const int FirstSlot = 3;
    private const int MemorySize = FirstSlot + 1 + 2 + 4;

    private readonly int[] _memory;
    private readonly List<int> _taken;

    public DequeState(int[] steals)
    {
        _memory = new int[MemorySize];
        _taken = [];
        Buffer = [];
        Thieves = [.. steals.Select(tries => new DequeThief(tries))];
    }

    private DequeState(DequeState other)
    {
        _memory = [.. other._memory];
        _taken = [.. other._taken];
        Buffer = [.. other.Buffer];
        Thieves = [.. other.Thieves.Select(thief => thief with { })];
        OwnerOp = other.OwnerOp;
        OwnerStep = other.OwnerStep;
        TopSeen = other.TopSeen;
        Index = other.Index;
        Wanted = other.Wanted;
        Seen = other.Seen;
        Pushed = other.Pushed;
    }

    public IList<int> Memory => _memory;

    /// <summary>The owner's stores that the others do not see yet, oldest first.</summary>
    public List<(int Address, int Value)> Buffer { get; }

    public DequeThief[] Thieves { get; }

    public int OwnerOp { get; private set; }

    public OwnerStep OwnerStep { get; set; }

    public int TopSeen { get; set; }

    public int Index { get; set; }

    public int Wanted { get; set; }

    public int Seen { get; set; }

    public int Pushed { get; set; }

    public int Top
    {
        get => _memory[TopAddress];
        set => _memory[TopAddress] = value;
    }

    /// <summary>What the owner takes bottom for.</summary>
    public int Bottom => Load(BottomAddress);

    /// <summary>The array that the owner uses.</summary>
    public int OwnArray => Load(ArrayAddress);

    public string Key => string.Join(
        ',',
        [.. _memory, .. Buffer.SelectMany(store => new[] { store.Address, store.Value }), -1, .. _taken.Order(), -1, OwnerOp, (int)OwnerStep, TopSeen, Index, Wanted, Seen, Pushed,
            .. Thieves.SelectMany(thief => new[] { thief.Left, (int)thief.Step, thief.Top, thief.Array, thief.Task })]);

    public static int LengthOf(int array) => 1 << array;

    public static int SlotOf(int array, int index) => FirstSlot + LengthOf(array) - 1 + (index & (LengthOf(array) - 1));

    public DequeState Clone() => new(this);

    /// <summary>Reads as the owner does.</summary>
    public int Load(int address)
    {
        var own = Buffer.FindLastIndex(store => store.Address == address);
        return own < 0 ? _memory[address] : Buffer[own].Value;
    }

    /// <summary>Writes as the owner does.</summary>
    public void Store(int address, int value) => Buffer.Add((address, value));

    public void Flush()
    {
        _memory[Buffer[0].Address] = Buffer[0].Value;
        Buffer.RemoveAt(0);
    }

    public void FlushAll()
    {
        while (Buffer.Count > 0)
        {
            Flush();
        }
    }

    public void Take(int task) => _taken.Add(task);

    public void EndOwnerOp()
    {
        OwnerOp++;
        OwnerStep = OwnerStep.Begin;
        Index = Wanted = Seen = 0;
    }

    /// <summary>What is wrong here: a task taken twice or never pushed; at the end, one that is neither taken nor left, or both.</summary>
    public string? Fault(string program)
    {
        if (_taken.Find(task => task < 1 || task > Pushed) is var unknown && _taken.Any(task => task < 1 || task > Pushed))
        {
            return $"somebody took {unknown}, which nobody pushed";
        }

        if (_taken.Distinct().Count() != _taken.Count)
        {
            return $"a task was taken twice: {string.Join(' ', _taken)}";
        }

        var isOver = OwnerOp == program.Length && Buffer.Count == 0 && Thieves.All(thief => thief.Left == 0);
        if (!isOver)
        {
            return null;
        }

        var left = Enumerable.Range(Top, Math.Max(0, Bottom - Top)).Select(index => _memory[SlotOf(OwnArray, index)]);
        var all = _taken.Concat(left).Order().ToList();
        return all.SequenceEqual(Enumerable.Range(1, Pushed)) ? null : $"of {Pushed} tasks there are in the end {string.Join(' ', all)}";
    }
}
