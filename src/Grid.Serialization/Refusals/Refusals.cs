using System.Reflection;

namespace Grid.Serialization;

/// <summary>Types that are tied to their process, and why.</summary>
internal static class Refusals
{
    private const string Handle = "it holds a handle of this process; open what it stands for inside the job";
    private const string Waiting = "threads of this process wait on it; a copy elsewhere would synchronise nothing. Use the job's result or grid primitives";
    private const string Work = "it is work that runs in this process; await it before, or start it inside the job";
    private const string Stream = "it reads or writes something that is open in this process; open it inside the job and capture the path or the bytes";
    private const string Network = "it holds connections of this process; make it inside the job, or take it from JobContext.Current.Services";
    private const string Database = "it is tied to a connection of this process; open it inside the job and capture the connection string";
    private const string Container = "it is tied to this process; take services and loggers from JobContext.Current inside the job";
    private const string Own = "it is Grid's own and lives on one node; take it from JobContext.Current inside the job";
    private const string Hashes = "it stores hash codes, which differ from process to process; use Dictionary, HashSet or a list";
    private const string Address = "it is an address or handle in this process; use long for numbers";
    private const string Context = "it belongs to the flow of control in this process";
    private const string Native = "it has a finalizer, so it owns something of this process; make it inside the job";
    private const string Reflection = "only Type, MethodInfo and ConstructorInfo travel; capture one of these and look the rest up inside the job";
    private const string Enumeration = "it is an enumeration in progress over a collection; capture the collection, and enumerate inside the job";

    /// <summary>By full name, so that assemblies which a program does not use are not loaded for it.</summary>
    private static readonly Dictionary<string, string> Reasons = Expand(
        (Stream,
            "System.IO.Stream System.IO.TextReader System.IO.TextWriter System.IO.BinaryReader System.IO.BinaryWriter "
            + "System.IO.Pipelines.PipeReader System.IO.Pipelines.PipeWriter System.Xml.XmlReader System.Xml.XmlWriter "
            + "System.Text.Json.Utf8JsonWriter"),
        (Network,
            "System.Net.Sockets.Socket System.Net.Sockets.TcpClient System.Net.Sockets.TcpListener "
            + "System.Net.Sockets.UdpClient System.Net.Http.HttpMessageInvoker System.Net.Http.HttpMessageHandler "
            + "System.Net.Http.HttpRequestMessage System.Net.Http.HttpResponseMessage System.Net.Http.HttpContent "
            + "System.Net.HttpListener System.Net.WebRequest System.Net.WebSockets.WebSocket System.Net.Mail.SmtpClient "
            + "System.Net.Http.IHttpClientFactory"),
        (Work,
            "System.Threading.Tasks.Task System.Threading.Tasks.ValueTask System.Threading.Tasks.ValueTask`1 "
            + "System.Threading.Tasks.TaskCompletionSource System.Threading.Tasks.TaskCompletionSource`1 "
            + "System.Threading.Thread System.Threading.Timer System.Timers.Timer System.Threading.ITimer "
            + "System.Threading.PeriodicTimer System.Threading.Channels.ChannelReader`1 "
            + "System.Threading.Channels.ChannelWriter`1 System.Threading.Channels.Channel`2 "
            + "System.ComponentModel.BackgroundWorker"),
        (Waiting,
            "System.Threading.WaitHandle System.Threading.SemaphoreSlim System.Threading.ManualResetEventSlim "
            + "System.Threading.CountdownEvent System.Threading.Barrier System.Threading.ReaderWriterLockSlim "
            + "System.Threading.ReaderWriterLock System.Threading.SpinLock System.Collections.Concurrent.BlockingCollection`1"),
        (Handle,
            "System.Runtime.ConstrainedExecution.CriticalFinalizerObject System.Runtime.InteropServices.GCHandle "
            + "System.Diagnostics.Process System.IO.FileSystemWatcher System.IO.MemoryMappedFiles.MemoryMappedFile "
            + "System.Security.Cryptography.X509Certificates.X509Certificate System.Security.Cryptography.AsymmetricAlgorithm "
            + "System.Security.Cryptography.SymmetricAlgorithm System.Security.Cryptography.HashAlgorithm "
            + "System.Security.Cryptography.RandomNumberGenerator System.WeakReference System.WeakReference`1 "
            + "System.Runtime.CompilerServices.ConditionalWeakTable`2 System.Buffers.IMemoryOwner`1 "
            + "System.Buffers.ArrayPool`1 System.Diagnostics.Activity System.Diagnostics.Metrics.Meter"),
        (Database,
            "System.Data.Common.DbConnection System.Data.Common.DbCommand System.Data.Common.DbDataReader "
            + "System.Data.Common.DbTransaction System.Data.Common.DbDataSource System.Data.IDbConnection "
            + "System.Data.IDataReader Microsoft.EntityFrameworkCore.DbContext"),
        (Container,
            "System.IServiceProvider Microsoft.Extensions.DependencyInjection.IServiceScope "
            + "Microsoft.Extensions.DependencyInjection.IServiceScopeFactory "
            + "Microsoft.Extensions.DependencyInjection.IServiceCollection Microsoft.Extensions.Logging.ILogger "
            + "Microsoft.Extensions.Logging.ILoggerFactory Microsoft.Extensions.Logging.ILoggerProvider "
            + "Microsoft.Extensions.Hosting.IHost Microsoft.AspNetCore.Http.HttpContext"),
        (Own,
            "Grid.IJobContext Grid.INodeGroup Grid.IMetricsView Grid.ITopology Grid.IJobHandle`1"),
        (Hashes,
            "System.Collections.Hashtable System.Linq.Lookup`2 System.Linq.Grouping`2 System.Xml.XmlNameTable "
            + "System.Text.Json.JsonSerializerOptions System.Collections.Specialized.NameObjectCollectionBase "
            + "System.Collections.Specialized.StringDictionary"),
        (Address,
            "System.IntPtr System.UIntPtr System.Reflection.Pointer System.RuntimeTypeHandle System.RuntimeMethodHandle "
            + "System.RuntimeFieldHandle System.TypedReference System.Runtime.InteropServices.HandleRef"),
        (Context,
            "System.Threading.CancellationTokenSource System.Threading.CancellationTokenRegistration "
            + "System.Threading.ExecutionContext System.Threading.SynchronizationContext System.Threading.Tasks.TaskScheduler "
            + "System.Threading.ThreadLocal`1 System.Threading.AsyncLocal`1 System.Runtime.Loader.AssemblyLoadContext "
            + "System.AppDomain"),
        (Reflection,
            "System.Reflection.Assembly System.Reflection.Module System.Reflection.MemberInfo "
            + "System.Reflection.ParameterInfo"));

    /// <summary>Why values of a type cannot be shipped, whatever they hold; <see langword="null"/> when they may.</summary>
    public static string? ReasonFor(Type type)
    {
        if (ReasonByName(type) is { } reason)
        {
            return reason;
        }

        if (type.IsByRefLike)
        {
            return "it may only live on the stack";
        }

        if (type.IsCOMObject)
        {
            return Handle;
        }

        return IsHostEnumerator(type) ? Enumeration : HasHostFinalizer(type) ? Native : null;
    }

    /// <summary>Whether objects of the type, or of a base type, are finalized.</summary>
    public static bool HasFinalizer(Type type) => FinalizerOf(type) is { } finalizer && finalizer.DeclaringType != typeof(object);

    private static string? ReasonByName(Type type)
    {
        for (var level = type; level is not null && level != typeof(object); level = level.BaseType)
        {
            if (Reasons.TryGetValue(NameOf(level), out var reason))
            {
                return NameOf(level) == "System.Reflection.MemberInfo" && IsShippableMember(type) ? null : Specific(type, reason);
            }
        }

        foreach (var contract in type.GetInterfaces())
        {
            if (Reasons.TryGetValue(NameOf(contract), out var reason))
            {
                return reason;
            }
        }

        return null;
    }

    private static string Specific(Type type, string reason) =>
        NameOf(type) == "System.Threading.CancellationTokenSource" ? "it belongs to this process; capture its Token in a local variable, which arrives as the job's token" : reason;

    private static bool IsShippableMember(Type type) =>
        type == typeof(MemberInfo) || type == typeof(MethodBase) || typeof(Type).IsAssignableFrom(type) || typeof(MethodInfo).IsAssignableFrom(type)
        || typeof(ConstructorInfo).IsAssignableFrom(type);

    /// <summary>Enumerators of BCL collections check that their collection has not changed since; a copy of it always has. LINQ's double as queries and may travel.</summary>
    private static bool IsHostEnumerator(Type type) =>
        typeof(System.Collections.IEnumerator).IsAssignableFrom(type)
        && !type.IsInterface
        && !typeof(System.Collections.IEnumerable).IsAssignableFrom(type)
        && LoadedModuleCatalog.IsHost(type.Assembly);

    private static bool HasHostFinalizer(Type type) =>
        FinalizerOf(type)?.DeclaringType is { } declaring && declaring != typeof(object) && LoadedModuleCatalog.IsHost(declaring.Assembly);

    private static MethodInfo? FinalizerOf(Type type) =>
        type.IsClass ? type.GetMethod("Finalize", BindingFlags.Instance | BindingFlags.NonPublic, Type.EmptyTypes) : null;

    private static string NameOf(Type type)
    {
        var definition = type.IsConstructedGenericType ? type.GetGenericTypeDefinition() : type;
        return definition.FullName ?? definition.Name;
    }

    private static Dictionary<string, string> Expand(params (string Reason, string Names)[] groups) =>
        groups.SelectMany(g => g.Names.Split(' ').Select(name => (name, g.Reason))).ToDictionary(e => e.name, e => e.Reason, StringComparer.Ordinal);
}
