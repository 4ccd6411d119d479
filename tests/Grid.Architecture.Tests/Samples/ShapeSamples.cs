using Grid.Architecture.Tests.Rules;

namespace Grid.Architecture.Tests.Samples;

/// <summary>Samples for the rules on size, shape and names.</summary>
internal static class ShapeSamples
{
    private const string FourDeep = "if (a) { while (b) { foreach (var c in d) { lock (c) { } } } }";
    private const string ThreeDeep = "if (a) { while (b) { foreach (var c in d) { } } } else if (e) { } else if (f) { }";

    public static IReadOnlyList<Sample> All { get; } =
    [
        new(nameof(TypeSize), "A file of 401 lines", "has 401 lines", Code(Lines(401))),
        new(nameof(TypeSize), "A type of 401 lines", "N.A has 401 lines in 1 declaration", Code($"namespace N; class A\n{{{Lines(399)}}}")),
        new(nameof(TypeSize), "Two partial declarations that are too long together", "in 2 partial declarations",
            ("src/P/A.cs", $"namespace N; partial class A {{{Lines(250)}}}"), ("src/P/A.More.cs", $"namespace N; partial class A {{{Lines(250)}}}")),
        new(nameof(TypeSize), "Two types of the same bare name", null,
            ("src/P/A.cs", $"namespace N; class A {{{Lines(250)}}}"), ("src/P/A2.cs", $"namespace N; class A<T> {{{Lines(250)}}}")),

        new(nameof(MethodShape), "A method of 41 lines", "M has 41 lines", InClass($"void M()\n{{\n{Lines(41)}}}")),
        new(nameof(MethodShape), "An expression of 41 lines", "M has 41 lines", InClass($"int M() => 1{Lines(40)}+ 1;")),
        new(nameof(MethodShape), "Four levels", "M nests 4 deep", InClass($"void M() {{ {FourDeep} }}")),
        new(nameof(MethodShape), "Four levels in a lambda", "a lambda in F nests 4 deep", InClass($"Action F => () => {{ {FourDeep} }};")),
        new(nameof(MethodShape), "Six parameters", "M has 6 parameters", InClass("void M(int a, int b, int c, int d, int e, int f) { }")),
        new(nameof(MethodShape), "A primary constructor of seven parameters", "B has 7 parameters", InClass("class B(int a, int b, int c, int d, int e, int f, int g);")),
        new(nameof(MethodShape), "What is within the limits or not its own choice", null,
            InClass($"void M() {{ {ThreeDeep} }} void L()\n{{\n{Lines(40)}}} record R(int a, int b, int c, int d, int e, int f, int g);"
                + " override void O(int a, int b, int c, int d, int e, int f) { }"
                + " [LoggerMessage(1)] static partial void Log(ILogger l, int b, int c, int d, int e, int f);")),

        new(nameof(OneTypePerFile), "Two types", "declares A, B", Code("namespace N; class A; enum B;")),
        new(nameof(OneTypePerFile), "Another name", "name the file B.cs", Code("namespace N; class B;")),
        new(nameof(OneTypePerFile), "Records that are no family", "declares A, B", Code("namespace N; record A; record B;")),
        new(nameof(OneTypePerFile), "A closed family", null, Code("namespace N; abstract record A; sealed record B : A; sealed record C(int D) : A;")),
        new(nameof(OneTypePerFile), "The file name of a generic type on one that is not", "name the file B.cs", ("src/P/B{T}.cs", "class B;")),
        new(nameof(OneTypePerFile), "Generic types", null, ("src/P/B{T}.cs", "class B<T>;"), ("src/P/COfT.cs", "class C<T>;"), ("src/P/D.cs", "class D<T>;")),
        new(nameof(OneTypePerFile), "Nested types", null, Code("namespace N; class A { class B; }")),

        new(nameof(BucketNames), "A helper", "NodeHelper is named", Code("class NodeHelper;")),
        new(nameof(BucketNames), "A base class", "SpiBase is named", Code("abstract class SpiBase;")),
        new(nameof(BucketNames), "A folder", "Common is named", ("src/P/Common/A.cs", "class A;")),
        new(nameof(BucketNames), "Words that only contain one", null, Code("class DatabaseUtilization; class Base64Text; class Commons;")),

        new(nameof(LogEvents), "An id twice", "uses the event id 1000, which One", Log("[LoggerMessage(1000)] void One(); [LoggerMessage(EventId = 1000)] void Two();")),
        new(nameof(LogEvents), "An id outside its range", "outside its range 1000 to 1099", Log("[LoggerMessage(1100)] void One();")),
        new(nameof(LogEvents), "No id", "states no event id", Log("[LoggerMessage(LogLevel.Debug, \"x\")] void One();")),
        new(nameof(LogEvents), "A folder without a range", "without a range", ("spi/Grid.New/NewLog.cs", "class NewLog { [LoggerMessage(1)] void One(); }")),
        new(nameof(LogEvents), "A log method elsewhere", "move it to a class", ("src/Grid.Messaging/A.cs", "class A { [LoggerMessage(1000)] void One(); }")),
        new(nameof(LogEvents), "Ids in range", null, Log("[LoggerMessage(1000)] void One(); [LoggerMessage(eventId: 1099, level: LogLevel.Debug)] void Two();")),

        new(nameof(MetricNames), "A name of its own", "is not named grid.", Metrics("m.CreateCounter<long>(\"messages\", unit: \"{message}\")")),
        new(nameof(MetricNames), "No unit", "has no unit", Metrics("m.CreateHistogram<double>(\"grid.jobs.duration\")")),
        new(nameof(MetricNames), "An instrument elsewhere", "made outside a class",
            ("src/P/A.cs", "class A { object F = m.CreateCounter<long>(\"grid.jobs.done\", \"{job}\"); }")),
        new(nameof(MetricNames), "Name and unit", null, Metrics("m.CreateObservableGauge<int>(\"grid.jobs.lane_length\", () => 1, \"{job}\")")),
    ];

    private static (string Path, string Text) Metrics(string call) => ("src/P/JobMetrics.cs", $"class JobMetrics {{ object F = {call}; }}");

    private static (string Path, string Text) Code(string text) => ("src/P/A.cs", text);

    private static (string Path, string Text) InClass(string members) => Code($"namespace N; class A {{ {members} }}");

    private static (string Path, string Text) Log(string methods) => ("src/Grid.Messaging/MessagingLog.cs", $"class MessagingLog {{ {methods} }}");

    private static string Lines(int count) => new('\n', count);
}
