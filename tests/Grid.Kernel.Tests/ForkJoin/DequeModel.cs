namespace Grid.Kernel.Tests.ForkJoin;

/// <summary>
/// <see cref="WorkDeque"/> as a machine that takes one shared access per step, on a memory like that of x86: the owner's plain and volatile stores wait in a buffer and reach the others
/// later, in order; loads see the own buffer first; an interlocked access needs the buffer empty. (Thieves store with interlocked accesses only.) The steps bear the names of the code's
/// lines.
/// </summary>
/// <param name="program">What the owner does: + for a push, - for a pop.</param>
/// <param name="steals">How many times each thief tries.</param>
/// <param name="flaw">What is wrong with it, to see that a flaw is found.</param>
internal sealed class DequeModel(string program, int[] steals, DequeFlaw flaw)
{
    // Arrays of 1, 2 and 4 slots, so that small programs reuse slots and grow twice.
    private const int ArraysMax = 3;

    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly Stack<DequeState> _open = new();

    public int States => _seen.Count;

    /// <summary>Visits every state that any order of steps leads to.</summary>
    /// <returns>The first fault, with the way to it; or null.</returns>
    public string? FindFault()
    {
        Visit(new DequeState(steals));
        while (_open.TryPop(out var state))
        {
            if (state.Fault(program) is { } fault)
            {
                return $"{program} with {steals.Length} thieves: {fault}";
            }

            foreach (var next in Next(state))
            {
                Visit(next);
            }
        }

        return null;
    }

    private void Visit(DequeState state)
    {
        if (_seen.Add(state.Key))
        {
            _open.Push(state);
        }
    }

    private IEnumerable<DequeState> Next(DequeState state)
    {
        if (state.Buffer.Count > 0)
        {
            var flushed = state.Clone();
            flushed.Flush();
            yield return flushed;
        }

        if (state.OwnerOp < program.Length && (state.OwnerStep != OwnerStep.Exchange && state.OwnerStep != OwnerStep.CompareLast || state.Buffer.Count == 0 || IsUnfenced(state)))
        {
            var owner = state.Clone();
            StepOwner(owner);
            yield return owner;
        }

        for (var thief = 0; thief < steals.Length; thief++)
        {
            if (state.Thieves[thief].Left > 0)
            {
                var stolen = state.Clone();
                StepThief(stolen, stolen.Thieves[thief]);
                yield return stolen;
            }
        }
    }

    private bool IsUnfenced(DequeState state) => state.OwnerStep == OwnerStep.Exchange && flaw == DequeFlaw.NoFence;

    private void StepOwner(DequeState s)
    {
        if (program[s.OwnerOp] == '+')
        {
            StepPush(s);
        }
        else
        {
            StepPop(s);
        }
    }

    private static void StepPush(DequeState s)
    {
        switch (s.OwnerStep)
        {
            case OwnerStep.Begin:
                s.OwnerStep = s.Bottom - s.TopSeen >= DequeState.LengthOf(s.OwnArray) ? OwnerStep.ReadTop : OwnerStep.WriteSlot;
                break;
            case OwnerStep.ReadTop:
                s.TopSeen = s.Top;
                s.OwnerStep = s.Bottom - s.TopSeen >= DequeState.LengthOf(s.OwnArray) ? OwnerStep.Grow : OwnerStep.WriteSlot;
                break;
            case OwnerStep.Grow:
                Assert.True(s.OwnArray + 1 < ArraysMax, "the program needs more slots than the model has");
                for (var index = s.TopSeen; index < s.Bottom; index++)
                {
                    s.Store(DequeState.SlotOf(s.OwnArray + 1, index), s.Load(DequeState.SlotOf(s.OwnArray, index)));
                }

                s.Store(DequeState.ArrayAddress, s.OwnArray + 1);
                s.OwnerStep = OwnerStep.WriteSlot;
                break;
            case OwnerStep.WriteSlot:
                s.Store(DequeState.SlotOf(s.OwnArray, s.Bottom), ++s.Pushed);
                s.OwnerStep = OwnerStep.WriteBottom;
                break;
            default:
                s.Store(DequeState.BottomAddress, s.Bottom + 1);
                s.EndOwnerOp();
                break;
        }
    }

    private void StepPop(DequeState s)
    {
        switch (s.OwnerStep)
        {
            case OwnerStep.Begin:
                s.Index = s.Bottom - 1;
                s.Wanted = s.Index < 0 ? 0 : s.Load(DequeState.SlotOf(s.OwnArray, s.Index));
                s.OwnerStep = OwnerStep.Exchange;
                if (s.Wanted == 0)
                {
                    s.EndOwnerOp();
                }

                break;
            case OwnerStep.Exchange:
                s.Store(DequeState.BottomAddress, s.Index);
                s.OwnerStep = OwnerStep.ReadTop;
                if (flaw != DequeFlaw.NoFence)
                {
                    s.FlushAll();
                }

                break;
            case OwnerStep.ReadTop:
                s.Seen = s.Top;
                s.OwnerStep = s.Seen < s.Index ? OwnerStep.TakeBottom : s.Seen == s.Index ? OwnerStep.CompareLast : OwnerStep.Restore;
                break;
            case OwnerStep.TakeBottom:
                TakeSlot(s);
                s.EndOwnerOp();
                break;
            case OwnerStep.CompareLast:
                CompareLast(s);
                s.OwnerStep = OwnerStep.Restore;
                break;
            default:
                s.Store(DequeState.BottomAddress, s.Index + 1);
                s.TopSeen = s.Index + 1;
                s.EndOwnerOp();
                break;
        }
    }

    private void CompareLast(DequeState s)
    {
        if (flaw == DequeFlaw.NoCompareForLast || s.Top == s.Index)
        {
            s.Top = s.Index + 1;
            TakeSlot(s);
        }
    }

    private static void TakeSlot(DequeState s)
    {
        s.Take(s.Wanted);
        s.Store(DequeState.SlotOf(s.OwnArray, s.Index), 0);
    }

    private void StepThief(DequeState s, DequeThief thief)
    {
        switch (thief.Step)
        {
            case ThiefStep.ReadTop:
                thief.Top = s.Top;
                thief.Step = ThiefStep.ReadBottom;
                break;
            case ThiefStep.ReadBottom:
                thief.Step = ThiefStep.ReadArray;
                if (thief.Top >= s.Memory[DequeState.BottomAddress])
                {
                    thief.End();
                }

                break;
            case ThiefStep.ReadArray:
                thief.Array = s.Memory[DequeState.ArrayAddress];
                thief.Step = flaw == DequeFlaw.ReadsSlotLate ? ThiefStep.Compare : ThiefStep.ReadSlot;
                break;
            case ThiefStep.ReadSlot:
                thief.Task = s.Memory[DequeState.SlotOf(thief.Array, thief.Top)];
                thief.Step = flaw == DequeFlaw.ReadsSlotLate ? ThiefStep.Clear : ThiefStep.Compare;
                break;
            case ThiefStep.Compare:
                Compare(s, thief);
                break;
            default:
                Clear(s, thief);
                break;
        }
    }

    private void Compare(DequeState s, DequeThief thief)
    {
        if (s.Top != thief.Top)
        {
            thief.End();
            return;
        }

        s.Top = thief.Top + 1;
        thief.Step = flaw == DequeFlaw.ReadsSlotLate ? ThiefStep.ReadSlot : ThiefStep.Clear;
    }

    private static void Clear(DequeState s, DequeThief thief)
    {
        s.Take(thief.Task);
        var slot = DequeState.SlotOf(thief.Array, thief.Top);
        s.Memory[slot] = s.Memory[slot] == thief.Task ? 0 : s.Memory[slot];
        thief.End();
    }
}
