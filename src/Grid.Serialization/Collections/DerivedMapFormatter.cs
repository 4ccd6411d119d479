using System.Reflection;
using System.Runtime.CompilerServices;

namespace Grid.Serialization;

/// <summary>
/// A class of the program that derives from <see cref="Dictionary{TKey, TValue}"/>: <c>[own fields, entries]</c>. The fields of the dictionary itself hold
/// hash codes, which differ from process to process, so it is filled anew; of the class's own constructors none runs.
/// </summary>
internal sealed class DerivedMapFormatter<T, TKey, TValue>() : ClassFormatter<T>(Tracking.Early)
    where T : Dictionary<TKey, TValue>
    where TKey : notnull
{
    private static readonly ConstructorInfo Construct =
        typeof(Dictionary<TKey, TValue>).GetConstructor([typeof(int), typeof(IEqualityComparer<TKey>)])!;

    // Set once, by whichever thread is first, all to the same effect; the write delegate last.
    private FieldPlan? _plan;
    private FillObject<T>? _read;
    private volatile WriteValue<T>? _write;

    public override IEnumerable<PathStep> StepsOf(object value) => Prepared().StepsOf(value).Concat(MapCoding.StepsOf((T)value));

    protected override void WriteBody(ref PayloadWriter writer, T value)
    {
        writer.WriteArrayHeader(2);
        Prepared().WriteHeader(ref writer);
        _write!(ref writer, value);
        ComparerPrefix.Write(ref writer, ReferenceEquals(value.Comparer, EqualityComparer<TKey>.Default) ? null : value.Comparer);
        MapCoding.Write(ref writer, value);
    }

    protected override T ReadBody(ref PayloadReader reader)
    {
        reader.ReadArrayHeaderOf(2);
        var plan = Prepared();
        var value = (T)RuntimeHelpers.GetUninitializedObject(ExactType);
        if (Refusals.HasFinalizer(ExactType))
        {
            reader.State.HoldFinalizer(value);
        }

        reader.Register(value);
        plan.ReadHeader(ref reader);
        _read!(ref reader, value);
        var comparer = ComparerPrefix.Read(ref reader, out _);
        var count = reader.ReadMapHeader();
        Construct.Invoke(value, [count, comparer]);
        var entries = MapCoding.ReadEntries<TKey, TValue>(ref reader, count);
        reader.State.Deferred.Add(new DeferredMap<T, TKey, TValue>(value, entries, static (map, key, item) => map.Add(key, item)));
        return value;
    }

    private FieldPlan Prepared()
    {
        if (_write is null)
        {
            var plan = new FieldPlan(typeof(T), until: typeof(Dictionary<TKey, TValue>));
            FieldCompiler.Prepare(plan);
            _plan = plan;
            _read = FieldCompiler.CompileRead<FillObject<T>>(plan);
            _write = FieldCompiler.CompileWrite<WriteValue<T>>(plan);
        }

        return _plan!;
    }
}
