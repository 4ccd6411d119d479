using System.Net.Sockets;
using System.Reflection.Emit;

namespace Grid.Serialization.Tests;

public class RefusalTests
{
    [Fact]
    public void A_captured_HttpClient_is_refused_with_the_path()
    {
        using var client = new HttpClient();

        var refusal = Payload.Refusal(() => client.GetStringAsync("http://localhost/"));

        Assert.Equal("job → <closure>.client → HttpClient", refusal.Path);
        Assert.Equal("System.Net.Http.HttpClient", refusal.TypeName);
        Assert.Contains("make it inside the job", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("any lambda of its scope", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_captured_enumeration_of_a_file_is_refused_through_the_reader_that_it_holds()
    {
        var lines = File.ReadLines(typeof(RefusalTests).Assembly.Location);

        var refusal = Payload.Refusal(() => lines.Count());

        Assert.StartsWith("job → <closure>.lines → ReadLinesIterator._reader → StreamReader", refusal.Path, StringComparison.Ordinal);
    }

    [Fact]
    public void A_captured_iterator_over_an_open_file_is_refused_through_the_variable_that_holds_it()
    {
        using var reader = new StreamReader(typeof(RefusalTests).Assembly.Location);
        var lines = Lines(reader);

        var refusal = Payload.Refusal(() => lines.Count());

        Assert.StartsWith("job → <closure>.lines → Lines(iterator).", refusal.Path, StringComparison.Ordinal);
        Assert.EndsWith("reader → StreamReader", refusal.Path, StringComparison.Ordinal);
    }

    [Fact]
    public void A_captured_this_of_a_form_with_a_socket_is_refused_with_the_path()
    {
        using var form = new Form();

        Assert.Equal("job → this → Form._socket → Socket", Payload.Refusal(form.JobOnThis()).Path);
        Assert.Equal("job → <closure>.this → Form._socket → Socket", Payload.Refusal(form.JobOnThisAndLocal(3)).Path);
    }

    [Fact]
    public void The_path_goes_through_lists_dictionaries_and_outer_closures()
    {
        using var stream = new MemoryStream();
        var map = new Dictionary<string, object[]> { ["a"] = [1, stream] };
        Func<Func<object>> outer = () =>
        {
            var local = 1;
            return () => (map, local);
        };

        Assert.Equal("job → <closure>.map[\"a\"][1] → MemoryStream", Payload.Refusal(outer()).Path);
    }

    [Fact]
    public void Everything_that_is_tied_to_its_process_is_refused()
    {
        using var source = new CancellationTokenSource();
        var compiled = System.Linq.Expressions.Expression.Lambda<Func<int>>(System.Linq.Expressions.Expression.Constant(1)).Compile();
        object[] values =
        [
            Task.CompletedTask, new ValueTask<int>(1), Thread.CurrentThread, new SemaphoreSlim(1), new ManualResetEvent(false), source, new TaskCompletionSource(),
            (nint)5, new WeakReference(this), GC.AllocateUninitializedArray<byte>(1).AsMemory().Pin(), new System.Timers.Timer(), new System.Collections.Hashtable(),
            typeof(int).Assembly, new[] { 1 }.ToLookup(i => i), System.Security.Cryptography.SHA256.Create(), new ThreadLocal<int>(), TaskScheduler.Default, compiled,
            new Lazy<int>(() => 1), ((int[])[1]).AsEnumerable().GetEnumerator(), new List<int> { 1 }.GetEnumerator(), new Socket(SocketType.Stream, ProtocolType.Tcp), Console.Out,
            new Services(), System.Diagnostics.Process.GetCurrentProcess(), new DynamicMethod("m", null, null), Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance,
        ];

        foreach (var value in values)
        {
            var refusal = Payload.Refusal(new Holder<object> { First = value });
            Assert.StartsWith("job → Holder<Object>.First", refusal.Path, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_null_of_a_refused_type_may_be_shipped()
    {
        HttpClient? client = null;

        Assert.Null(Payload.RoundTrip(() => client)());
        Assert.Null(Payload.RoundTrip(new Holder<Stream>()).First);
    }

    [Fact]
    public void A_pointer_is_refused() => Assert.EndsWith("Pointed.Address → IntPtr", Payload.Refusal(new Pointed(5)).Path, StringComparison.Ordinal);

    [Fact]
    public void What_exceeds_a_limit_is_refused_with_the_option_to_change()
    {
        var small = new GridSerializer(
            new SerializerOptions { DepthMax = 10, StringLengthMax = 20, ArrayLengthMax = 30, ObjectsMax = 40, PayloadBytesMax = 5000 }, new LoadedModuleCatalog());
        var chain = new TreeNode();
        for (var i = 0; i < 20; i++)
        {
            chain = new TreeNode { Parent = chain };
        }

        AssertLimit(chain, nameof(SerializerOptions.DepthMax));
        AssertLimit(new string('x', 21), nameof(SerializerOptions.StringLengthMax));
        AssertLimit(new int[31], nameof(SerializerOptions.ArrayLengthMax));
        AssertLimit(Enumerable.Range(0, 2).Select(_ => Enumerable.Range(0, 25).Select(_ => new Animal("x")).ToArray()).ToArray(), nameof(SerializerOptions.ObjectsMax));
        AssertLimit(Enumerable.Range(0, 30).Select(_ => Enumerable.Range(0, 30).Select(_ => "0123456789").ToArray()).ToArray(), nameof(SerializerOptions.PayloadBytesMax));

        void AssertLimit<T>(T value, string option) =>
            Assert.Contains(option, Assert.Throws<NotShippableException>(() => Payload.Write(value, small)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_chain_that_is_too_long_for_the_stack_is_refused_and_does_not_crash()
    {
        var deep = new GridSerializer(new SerializerOptions { DepthMax = 100_000 }, new LoadedModuleCatalog());
        var chain = new TreeNode();
        for (var i = 0; i < 99_000; i++)
        {
            chain = new TreeNode { Parent = chain };
        }

        Exception? caught = null;
        var thread = new Thread(() => caught = Record.Exception(() => Payload.Write(chain, deep)), 256 * 1024);
        thread.Start();
        thread.Join();

        Assert.Contains("stack", Assert.IsType<NotShippableException>(caught).Message, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Lines(StreamReader reader)
    {
        while (reader.ReadLine() is { } line)
        {
            yield return line;
        }
    }

    private sealed class Form : IDisposable
    {
        private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp);

        public Func<bool> JobOnThis() => () => _socket.Connected;

        public Func<bool> JobOnThisAndLocal(int number) => () => _socket.Connected && number > 2;

        public void Dispose() => _socket.Dispose();
    }

    private sealed class Services : IServiceProvider
    {
        public object? GetService(Type serviceType) => null;
    }

    private sealed class Pointed(nint address)
    {
        public readonly nint Address = address;
    }
}
