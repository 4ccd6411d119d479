namespace Grid.Serialization;

/// <summary>A structure of which nothing special is known: an array of its fields.</summary>
internal sealed class StructFormatter<T> : Formatter<T>
    where T : struct
{
    // Set once, by whichever thread is first, all to the same effect; the write delegate last.
    private FieldPlan? _plan;
    private ReadFields<T>? _read;
    private volatile WriteFields<T>? _write;

    public override bool IsLeaf => Prepared().HoldsLeavesOnly;

    public override int BytesMin => 1 + Prepared().Fields.Count;

    public override IEnumerable<PathStep> StepsOf(object value) => Prepared().StepsOf(value);

    public override void Write(ref PayloadWriter writer, T value)
    {
        Prepared().WriteHeader(ref writer);
        _write!(ref writer, ref value);
    }

    public override T Read(ref PayloadReader reader)
    {
        Prepared().ReadHeader(ref reader);
        var value = default(T);
        _read!(ref reader, ref value);
        return value;
    }

    private FieldPlan Prepared()
    {
        if (_write is null)
        {
            var plan = new FieldPlan(typeof(T));
            FieldCompiler.Prepare(plan);
            _plan = plan;
            _read = FieldCompiler.CompileRead<ReadFields<T>>(plan);
            _write = FieldCompiler.CompileWrite<WriteFields<T>>(plan);
        }

        return _plan!;
    }
}
