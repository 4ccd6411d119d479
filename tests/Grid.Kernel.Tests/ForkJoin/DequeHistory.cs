namespace Grid.Kernel.Tests.ForkJoin;

/// <summary>What an owner and thieves got from one deque, each in its own order, and whether that can have been a deque.</summary>
internal sealed class DequeHistory(int seed, int tasks, int thieves)
{
    private readonly WorkDeque _deque = new();
    private readonly List<int> _popped = [];
    private readonly List<int>[] _stolen = [.. Enumerable.Range(0, thieves).Select(_ => new List<int>())];
    private volatile bool _isOver;

    public void Record()
    {
        var threads = _stolen.Select(stolen => new Thread(() => Steal(stolen))).ToList();
        threads.ForEach(thread => thread.Start());
        Own();
        _isOver = true;
        threads.ForEach(thread => thread.Join());
    }

    /// <summary>What cannot be: lost and doubled tasks, and a thief that got a newer task before an older one.</summary>
    public IEnumerable<string> Faults()
    {
        var takers = new int[tasks];
        foreach (var number in _popped.Concat(_stolen.SelectMany(stolen => stolen)))
        {
            takers[number]++;
        }

        var counts = takers.Select((count, number) => (count, number)).Where(taken => taken.count != 1).Select(taken => $"seed {seed}: task {taken.number} was taken {taken.count} times");
        var orders = _stolen.SelectMany(stolen => stolen.Zip(stolen.Skip(1))).Where(pair => pair.First >= pair.Second).Select(pair => $"seed {seed}: task {pair.First} was stolen before task {pair.Second}");
        return counts.Concat(orders);
    }

    private void Own()
    {
        var random = new Random(seed);
        for (var number = 0; number < tasks;)
        {
            for (var burst = random.Next(1, 600); burst > 0 && number < tasks; burst--)
            {
                _deque.Push(new Numbered(number++));
            }

            for (var burst = random.Next(1, 600); burst > 0 && _deque.TryPop(out var popped); burst--)
            {
                _popped.Add(((Numbered)popped).Number);
            }
        }

        // Down to the last task, which owner and thieves all want.
        while (_deque.TryPop(out var popped))
        {
            _popped.Add(((Numbered)popped).Number);
        }
    }

    private void Steal(List<int> stolen)
    {
        while (!_isOver || _deque.Count > 0)
        {
            if (_deque.TrySteal() is Numbered task)
            {
                stolen.Add(task.Number);
            }
        }
    }

    private sealed class Numbered(int number) : ForkJoinTask<int>
    {
        public int Number => number;

        protected override int Compute() => number;
    }
}
