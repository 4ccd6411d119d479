using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace Grid.Serialization.Tests;

public class UnloadTests
{
    [Fact]
    public void What_was_compiled_for_a_load_context_goes_away_with_it()
    {
        var context = RoundTripInContext();

        for (var i = 0; i < 20 && context.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.False(context.IsAlive, "the load context is still referenced after its code was serialized");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference RoundTripInContext()
    {
        var context = new AssemblyLoadContext("job", isCollectible: true);
        var assembly = context.LoadFromAssemblyPath(typeof(UnloadTests).Assembly.Location);
        var serializer = new GridSerializer(new SerializerOptions(), new ContextCatalog(assembly));
        var make = assembly.GetType(typeof(UnloadTests).FullName!)!.GetMethod(nameof(MakeJob))!;
        var job = (Func<string>)make.Invoke(null, [5])!;

        var copy = serializer.Read<Func<string>>(Payload.Write(job, serializer));

        Assert.NotEqual(typeof(UnloadTests).Assembly, copy.Method.Module.Assembly);
        Assert.Equal("5 Rex 10", copy());
        context.Unload();
        return new WeakReference(context);
    }

    public static Func<string> MakeJob(int number)
    {
        object dog = new Dog("Rex", number);
        return () => $"{number} {((Dog)dog).Name} {((Dog)dog).Doubled}";
    }

    /// <summary>Knows the user assembly of one load context.</summary>
    private sealed class ContextCatalog(Assembly user) : IModuleCatalog
    {
        private static readonly ModuleId Id = new(1);
        private readonly LoadedModuleCatalog _host = new();

        public ModuleName NameOf(Assembly assembly) => assembly == user ? new ModuleName(null, Id) : _host.NameOf(assembly);

        public Assembly? FindHost(string simpleName) => _host.FindHost(simpleName);

        public Assembly? FindModule(ModuleId id) => id == Id ? user : null;
    }
}
