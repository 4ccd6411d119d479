using Grid.Kernel.ForkJoin;
using Grid.Messaging;

namespace Grid.Kernel.Tests.ForkJoin;

[Trait("Lane", "pure")]
public sealed class LinkObserversTests
{
    [Fact]
    public void The_fault_of_one_keeps_nothing_from_the_others()
    {
        var good = new Counter();
        var observers = new LinkObservers([new Faulty(), good, new Faulty()]);

        var thrown = Assert.Throws<AggregateException>(observers.OnTick);

        Assert.Equal(1, good.Ticks);
        Assert.Equal(2, thrown.InnerExceptions.Count);
    }

    private sealed class Counter : ILinkObserver
    {
        public int Ticks { get; private set; }

        public void OnDialFailed(Peer peer, GridException reason) => throw new NotSupportedException("Nothing is dialed here.");

        public void OnTick() => Ticks++;
    }

    private sealed class Faulty : ILinkObserver
    {
        public void OnDialFailed(Peer peer, GridException reason) => throw new NotSupportedException("Nothing is dialed here.");

        public void OnTick() => throw new FormatException("a fault");
    }
}
