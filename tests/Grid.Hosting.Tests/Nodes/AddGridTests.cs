using Grid.Hosting.Tests.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Grid.Hosting.Tests.Nodes;

[Trait("Lane", "loopback")]
public sealed class AddGridTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task The_injected_grid_works_from_the_start_of_the_host_to_its_stop()
    {
        using var host = Build();
        var grid = host.Services.GetRequiredService<IGrid>();

        await host.StartAsync().WaitAsync(Patience);
        Assert.Equal("hosted", Assert.Single(grid.Nodes).Name);

        await host.StopAsync().WaitAsync(Patience);
    }

    [Fact]
    public void The_grid_can_be_injected_but_not_used_before_the_host_has_started()
    {
        using var host = Build();
        var grid = host.Services.GetRequiredService<IGrid>();

        var exception = Assert.Throws<InvalidOperationException>(() => grid.Nodes);

        Assert.Contains("has not started", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_background_service_that_was_added_later_may_use_the_grid_when_it_starts()
    {
        var seen = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var host = Build(services => services.AddHostedService(container => new Startup(container.GetRequiredService<IGrid>(), seen)));

        await host.StartAsync().WaitAsync(Patience);

        Assert.Equal(1, await seen.Task.WaitAsync(Patience));
        await host.StopAsync().WaitAsync(Patience);
    }

    [Fact]
    public async Task A_wrong_configuration_fails_the_start_of_the_host_with_all_problems()
    {
        using var host = Build(configuration: Settings.Create(("Cluster", ""), ("Node:Slots", "-3")));

        var exception = await Assert.ThrowsAsync<GridConfigurationException>(() => host.StartAsync().WaitAsync(Patience));

        Assert.Equal(2, exception.Problems.Count);
    }

    [Fact]
    public void A_container_holds_one_node()
    {
        var services = new ServiceCollection().AddGrid(Settings.Create());

        Assert.Throws<InvalidOperationException>(() => services.AddGrid(Settings.Create()));
    }

    private static IHost Build(Action<IServiceCollection>? add = null, IConfiguration? configuration = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddGrid(configuration ?? Settings.Create(("Node:Name", "hosted"), ("Discovery:InMemory:Registry", Guid.NewGuid().ToString())));
        add?.Invoke(builder.Services);
        return builder.Build();
    }

    private sealed class Startup(IGrid grid, TaskCompletionSource<int> seen) : BackgroundService
    {
        protected override Task ExecuteAsync(CancellationToken stoppingToken)
        {
            seen.SetResult(grid.Nodes.Count);
            return Task.CompletedTask;
        }
    }
}
