namespace Grid.Serialization.Tests;

public class DelegateTests
{
    private readonly int _field = 40;

    [Fact]
    public void A_lambda_without_captures_comes_back_as_one_cached_delegate()
    {
        Func<int> job = static () => 42;
        var bytes = Payload.Write(job);

        Assert.Equal(42, Payload.Read<Func<int>>(bytes)());
        Assert.Same(Payload.Read<Func<int>>(bytes), Payload.Read<Func<int>>(bytes));
    }

    [Fact]
    public void Captured_variables_come_along()
    {
        var number = 5;
        var words = new List<string> { "a", "b" };
        var copy = Payload.RoundTrip(() => number + words.Count);
        number = 100;

        Assert.Equal(7, copy());
    }

    [Fact]
    public void Lambdas_of_one_scope_share_their_variables_when_they_arrive()
    {
        var count = 0;
        var (increment, get) = Payload.RoundTrip(((Action)(() => count++), (Func<int>)(() => count)));
        increment();
        increment();

        Assert.Equal((2, 0), (get(), count));
    }

    [Fact]
    public void Variables_of_a_loop_stay_apart()
    {
        var jobs = new List<Func<string>>();
        foreach (var word in (string[])["a", "b", "c"])
        {
            for (var i = 0; i < 2; i++)
            {
                var index = i;
                jobs.Add(() => word + index);
            }
        }

        Assert.Equal(["a0", "a1", "b0", "b1", "c0", "c1"], Payload.RoundTrip(jobs).Select(j => j()));
    }

    [Fact]
    public void A_lambda_may_capture_lambdas_and_itself()
    {
        Func<int, int> twice = x => x * 2;
        Func<int, long> factorial = null!;
        factorial = n => n == 0 ? 1 : n * factorial(n - 1);

        Assert.Equal(14, Payload.RoundTrip(() => twice(7))());
        Assert.Equal(120, Payload.RoundTrip(factorial)(5));
    }

    [Fact]
    public void Method_groups_come_back_static_instance_extension_and_of_structures()
    {
        var list = new List<int> { 3, 4 };

        Assert.Equal(7, Payload.RoundTrip<Func<int, int, int>>(Math.Max)(7, 2));
        Assert.True(Payload.RoundTrip<Predicate<int>>(list.Contains)(4));
        Assert.Equal("cba", Payload.RoundTrip<Func<string>>("abc".Mirrored)());
        Assert.Equal(9, Payload.RoundTrip<Func<int>>(new Point(4, 5).Sum)());
        Assert.Equal(42, Payload.RoundTrip<Func<int, int>>(AddToField)(2));
        Assert.Equal("5", Payload.RoundTrip<Func<string?>>(5.ToString)());
    }

    [Fact]
    public void An_open_instance_delegate_comes_back()
    {
        var length = typeof(string).GetProperty(nameof(string.Length))!.GetMethod!.CreateDelegate<Func<string, int>>();

        Assert.Equal(3, Payload.RoundTrip(length)("abc"));
    }

    [Fact]
    public void A_virtual_method_group_calls_the_override()
    {
        object animal = new Version(1, 2);

        Assert.Equal("1.2", Payload.RoundTrip<Func<string?>>(animal.ToString)());
    }

    [Fact]
    public void Generic_lambdas_methods_and_local_functions_come_back()
    {
        Assert.Equal((typeof(string), "x"), Payload.RoundTrip(Describe("x"))());
        Assert.Equal((typeof(int), 5), Payload.RoundTrip(Describe(5))());
        Assert.Equal([2, 4], Payload.RoundTrip<Func<IEnumerable<int>, List<int>>>(Local<int>)([2, 4]));

        static List<T> Local<T>(IEnumerable<T> items) => [.. items];
    }

    [Fact]
    public void Delegates_of_several_methods_call_them_in_order()
    {
        var log = new List<int>();
        Action all = () => log.Add(1);
        all += () => log.Add(2);
        all += () => log.Add(3);

        var (copy, copyLog) = Payload.RoundTrip((all, log));
        copy();

        Assert.Equal([1, 2, 3], copyLog);
        Assert.Equal(3, copy.GetInvocationList().Length);
    }

    [Fact]
    public async Task An_async_lambda_comes_back()
    {
        var word = "x";
        var copy = Payload.RoundTrip<Func<Task<string>>>(async () =>
        {
            await Task.Yield();
            return word + "y";
        });

        Assert.Equal("xy", await copy());
    }

    [Fact]
    public void A_lambda_that_uses_this_takes_the_object_along()
    {
        var local = 1;

        Assert.Equal(41, Payload.RoundTrip(() => _field + local)());
        Assert.Equal(40, Payload.RoundTrip(() => _field)());
    }

    [Fact]
    public void A_delegate_keeps_its_type_where_the_static_type_is_another()
    {
        Func<string> text = () => "t";
        Func<object> variant = text;

        Assert.IsType<Func<string>>(Payload.RoundTrip(variant));
        Assert.IsType<Func<string>>(Payload.RoundTrip<Delegate>(text));
        Assert.Equal("t", ((Func<string>)Payload.RoundTrip<object>(text))());
    }

    [Fact]
    public void An_iterator_that_has_not_begun_may_be_captured()
    {
        var numbers = Squares(3);

        Assert.Equal([0, 1, 4], Payload.RoundTrip(() => numbers.ToArray())());
    }

    [Fact]
    public void The_token_arrives_as_the_tokens_of_the_job()
    {
        using var client = new CancellationTokenSource();
        using var job = new CancellationTokenSource();
        var token = client.Token;
        var bytes = Payload.Write(() => token);

        var arrived = Payload.Read<Func<CancellationToken>>(bytes, new ReadScope { CancellationToken = job.Token })();

        Assert.Equal(job.Token, arrived);
    }

    [Fact]
    public void A_token_that_was_cancelled_arrives_cancelled() =>
        Assert.True(Payload.RoundTrip(new CancellationToken(canceled: true)).IsCancellationRequested);

    [Fact]
    public void The_header_lists_the_modules_that_the_code_is_in()
    {
        var modules = GridSerializer.ReadModules(Payload.Write<Func<int>>(static () => 1));

        Assert.Equal(1, modules.Count);
        Assert.Equal(typeof(DelegateTests).Assembly, new LoadedModuleCatalog().FindModule(modules[0]));
        Assert.Equal(0, GridSerializer.ReadModules(Payload.Write<Func<double, double>>(Math.Sqrt)).Count);
    }

    private static Func<(Type, T)> Describe<T>(T value) => () => (typeof(T), value);

    private static IEnumerable<int> Squares(int count)
    {
        for (var i = 0; i < count; i++)
        {
            yield return i * i;
        }
    }

    private int AddToField(int more) => _field + more;
}
