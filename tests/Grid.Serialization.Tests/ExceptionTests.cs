using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Grid.Serialization.Tests;

public class ExceptionTests
{
    [Fact]
    public void An_exception_arrives_with_type_message_data_and_inner_exception()
    {
        var original = Caught(() => Fail(new InvalidOperationException("outer", new ArgumentException("inner", "size"))));
        original.Data["node"] = "n1";
        original.HelpLink = "help";

        var copy = Assert.IsType<InvalidOperationException>(RoundTrip(original));

        Assert.Equal(("outer", "n1", "help", original.HResult), (copy.Message, copy.Data["node"], copy.HelpLink, copy.HResult));
        Assert.Equal("size", Assert.IsType<ArgumentException>(copy.InnerException).ParamName);
        Assert.Equal(original.InnerException!.Message, copy.InnerException!.Message);
    }

    [Fact]
    public void The_remote_stack_is_kept_when_the_exception_is_thrown_again()
    {
        var copy = RoundTrip(Caught(() => Fail(new InvalidOperationException("x"))));

        var again = Caught(() => ExceptionDispatchInfo.Throw(copy));

        Assert.Same(copy, again);
        Assert.Contains(nameof(Fail), again.StackTrace, StringComparison.Ordinal);
        Assert.Contains(nameof(The_remote_stack_is_kept_when_the_exception_is_thrown_again), again.StackTrace, StringComparison.Ordinal);
    }

    [Fact]
    public void An_exception_of_the_program_keeps_its_fields()
    {
        var copy = Assert.IsType<OrderException>(RoundTrip(new OrderException(17, ["a", "b"])));

        Assert.Equal((17, "order 17"), (copy.Order, copy.Message));
        Assert.Equal(["a", "b"], copy.Lines);
    }

    [Fact]
    public void An_aggregate_keeps_all_of_its_exceptions()
    {
        var copy = Assert.IsType<AggregateException>(RoundTrip(new AggregateException(new TimeoutException("t"), new OrderException(1, []))));

        Assert.Equal([typeof(TimeoutException), typeof(OrderException)], copy.InnerExceptions.Select(e => e.GetType()));
        Assert.Same(copy.InnerExceptions[0], copy.InnerException);
    }

    [Fact]
    public void An_exception_that_holds_a_stream_arrives_as_a_stand_in_and_its_inner_one_as_itself()
    {
        var original = Caught(() => Fail(new StreamException(new MemoryStream(), new TimeoutException("why"))));

        var copy = Assert.IsType<RemoteJobException>(RoundTrip(original));

        Assert.Equal(typeof(StreamException).FullName, copy.OriginalTypeName);
        Assert.Contains("stream broke", copy.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(Fail), copy.RemoteStackTrace, StringComparison.Ordinal);
        Assert.IsType<TimeoutException>(copy.InnerException);
    }

    [Fact]
    public void An_exception_whose_module_is_not_here_arrives_as_a_stand_in()
    {
        var output = new ArrayBufferWriter<byte>();
        Payload.Serializer.WriteException(output, new OrderException(3, []));

        var copy = Payload.Serializer.ReadException(output.WrittenSpan, new ReadScope { Modules = new HostOnlyCatalog() });

        Assert.Equal(typeof(OrderException).FullName, Assert.IsType<RemoteJobException>(copy).OriginalTypeName);
    }

    [Fact]
    public void Data_that_cannot_be_shipped_is_left_out()
    {
        var original = new InvalidOperationException("x") { Data = { ["good"] = 1, ["bad"] = new MemoryStream(), [5] = new List<int> { 2 } } };
        original.Data["self"] = original;

        var copy = RoundTrip(original);

        Assert.Equal(1, copy.Data["good"]);
        Assert.Equal([2], (List<int>)copy.Data[5]!);
        Assert.False(copy.Data.Contains("bad"));
    }

    [Fact]
    public void An_exception_whose_message_throws_arrives_all_the_same() => Assert.IsType<SulkyException>(RoundTrip(new SulkyException()));

    [Fact]
    public void A_chain_of_many_inner_exceptions_arrives_cut_short()
    {
        var original = new TimeoutException("last");
        for (var i = 0; i < 5_000; i++)
        {
            original = new TimeoutException("t", original);
        }

        Assert.IsType<TimeoutException>(RoundTrip(original).InnerException);
    }

    [Fact]
    public void Exceptions_inside_of_graphs_come_back_too()
    {
        var copy = Payload.RoundTrip(new Holder<Exception> { First = new TimeoutException("t") });

        Assert.Equal("t", Assert.IsType<TimeoutException>(copy.First).Message);
    }

    private static Exception RoundTrip(Exception exception)
    {
        var output = new ArrayBufferWriter<byte>();
        Payload.Serializer.WriteException(output, exception);
        return Payload.Serializer.ReadException(output.WrittenSpan);
    }

    private static Exception Caught(Action action) => Record.Exception(action)!;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Fail(Exception exception) => throw exception;

    private sealed class OrderException(int order, string[] lines) : Exception($"order {order}")
    {
        public int Order { get; } = order;

        public string[] Lines { get; } = lines;
    }

    private sealed class StreamException(Stream stream, Exception inner) : Exception("stream broke", inner)
    {
        public Stream Stream { get; } = stream;
    }

    private sealed class SulkyException : Exception
    {
        public override string Message => throw new InvalidOperationException("no message");
    }
}
