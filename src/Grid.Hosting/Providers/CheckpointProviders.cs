using System.Collections.Concurrent;
using Grid.Checkpoint.FileSystem;
using Grid.Checkpoint.InMemory;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Grid.Hosting;

/// <summary>The checkpoint providers that come with Grid. The one in memory is shared by the nodes of this process that name the same store.</summary>
internal static class CheckpointProviders
{
    private const int NameCharsMax = 128;

    private static readonly ConcurrentDictionary<string, InMemoryCheckpoints> Stores = new(StringComparer.Ordinal);

    public static void Register(GridProviders providers)
    {
        providers.AddCheckpoint("FileSystem", FileSystemCheckpoints.Create);
        providers.AddCheckpoint("InMemory", CreateInMemory);
    }

    private static InMemoryCheckpoints CreateInMemory(IConfigurationSection section, IServiceProvider services)
    {
        var reader = new SettingsReader(section);
        var store = reader.ReadText("Store", "default", NameCharsMax);
        reader.ThrowIfProblems();
        return Stores.GetOrAdd(store, _ => new InMemoryCheckpoints(services.GetRequiredService<TimeProvider>()));
    }
}
