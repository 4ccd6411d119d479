using Grid.Spi;

namespace Grid.Cli.Jobs;

/// <summary>Lets a worker load this assembly as a plug-in, so that its jobs are there without being shipped.</summary>
public sealed class PresentOnWorkers : IGridPlugin
{
    public void Register(IGridProviders providers)
    {
        // It brings code, no providers.
    }
}
