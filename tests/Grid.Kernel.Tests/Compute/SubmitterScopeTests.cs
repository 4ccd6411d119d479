using System.Globalization;
using Grid.Kernel.Compute.Submission;

namespace Grid.Kernel.Tests.Compute;

public sealed class SubmitterScopeTests
{
    [Fact]
    public void A_full_scope_lets_nobody_in_until_somebody_leaves()
    {
        using var scope = new SubmitterScope(2);

        Assert.True(scope.TryEnter());
        Assert.True(scope.TryEnter());
        Assert.False(scope.TryEnter());
        scope.Leave();

        Assert.True(scope.TryEnter());
    }

    [Fact]
    public async Task Who_waits_comes_in_when_somebody_leaves()
    {
        using var scope = new SubmitterScope(1);
        await scope.EnterAsync(CancellationToken.None);
        var waiting = scope.EnterAsync(CancellationToken.None);
        Assert.False(waiting.IsCompleted);

        scope.Leave();
        await waiting;

        Assert.False(scope.TryEnter());
    }

    [Fact]
    public async Task Who_gives_up_waiting_leaves_the_room_to_others()
    {
        using var scope = new SubmitterScope(1);
        using var impatience = new CancellationTokenSource();
        await scope.EnterAsync(CancellationToken.None);
        var waiting = scope.EnterAsync(impatience.Token);

        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        scope.Leave();

        Assert.True(scope.TryEnter());
        Assert.False(scope.TryEnter());
    }

    [Fact]
    public async Task Impatient_crowds_never_exceed_the_bound_and_lose_no_room()
    {
        const int Room = 3;
        var rounds = int.Parse(Environment.GetEnvironmentVariable("GRID_SCOPE_ROUNDS") ?? "20", CultureInfo.InvariantCulture);
        for (var seed = 1; seed <= rounds; seed++)
        {
            using var scope = new SubmitterScope(Room);
            var inside = new Occupancy();

            await Task.WhenAll(Enumerable.Range(0, 8).Select(caller => Task.Run(() => ComeAndGoAsync(scope, inside, new Random((seed * 100) + caller)))));

            Assert.True(inside.Highest <= Room, $"seed {seed}: {inside.Highest} were inside, {Room} fit");
            Assert.All(Enumerable.Range(0, Room), _ => Assert.True(scope.TryEnter(), $"seed {seed}: room was lost"));
            Assert.False(scope.TryEnter(), $"seed {seed}: room was made of nothing");
        }
    }

    private static async Task ComeAndGoAsync(SubmitterScope scope, Occupancy inside, Random random)
    {
        for (var visit = 0; visit < 200; visit++)
        {
            using var impatience = new CancellationTokenSource();
            if (!scope.TryEnter())
            {
                var entering = scope.EnterAsync(impatience.Token);
                if (random.Next(2) == 0)
                {
                    await impatience.CancelAsync();
                }

                await entering.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (!entering.IsCompletedSuccessfully)
                {
                    continue;
                }
            }

            inside.Enter();
            await Task.Yield();
            inside.Leave();
            scope.Leave();
        }
    }

    private sealed class Occupancy
    {
        private readonly Lock _gate = new();
        private int _now;

        public int Highest { get; private set; }

        public void Enter()
        {
            lock (_gate)
            {
                Highest = Math.Max(Highest, ++_now);
            }
        }

        public void Leave()
        {
            lock (_gate)
            {
                _now--;
            }
        }
    }
}
