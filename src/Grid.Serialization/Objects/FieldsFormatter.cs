using System.Runtime.CompilerServices;

namespace Grid.Serialization;

/// <summary>A class of which nothing special is known: an array of its fields. Its constructors do not run when it is read.</summary>
internal sealed class FieldsFormatter<T>() : ClassFormatter<T>(Tracking.Early)
    where T : class
{
    private readonly bool _isFinalizable = Refusals.HasFinalizer(typeof(T));

    // Set once, by whichever thread is first, all to the same effect; the write delegate last.
    private FieldPlan? _plan;
    private FillObject<T>? _read;
    private bool _isSelfContained;
    private volatile WriteValue<T>? _write;

    public override bool IsSelfContained
    {
        get
        {
            Prepared();
            return _isSelfContained;
        }
    }

    public override bool IsDirect => IsSelfContained;

    public override IEnumerable<PathStep> StepsOf(object value) => Prepared().StepsOf(value);

    protected override void WriteBody(ref PayloadWriter writer, T value)
    {
        Prepared().WriteHeader(ref writer);
        _write!(ref writer, value);
    }

    protected override T ReadBody(ref PayloadReader reader)
    {
        Prepared().ReadHeader(ref reader);
        var value = Unsafe.As<T>(RuntimeHelpers.GetUninitializedObject(ExactType));
        if (_isFinalizable)
        {
            reader.State.HoldFinalizer(value);
        }

        reader.Register(value);
        _read!(ref reader, value);
        return value;
    }

    private FieldPlan Prepared()
    {
        if (_write is null)
        {
            var plan = new FieldPlan(typeof(T));
            FieldCompiler.Prepare(plan);
            _plan = plan;
            _isSelfContained = ExactType.IsSealed && plan.HoldsLeavesOnly;
            _read = FieldCompiler.CompileRead<FillObject<T>>(plan);
            _write = FieldCompiler.CompileWrite<WriteValue<T>>(plan);
        }

        return _plan!;
    }
}
