using System.Runtime.CompilerServices;
using Grid.Serialization;

namespace Grid.Kernel.Compute.Execution;

/// <summary>
/// Calls a shipped delegate of one shape and takes its outcome. Chosen once per delegate type, so that running a job
/// needs no reflection.
/// </summary>
internal abstract class JobInvoker
{
    // Delegate types of shipped code are held weakly: a strong table would keep their load contexts for ever.
    private static readonly ConditionalWeakTable<Type, JobInvoker> Plain = [];
    private static readonly ConditionalWeakTable<Type, JobInvoker> WithArgument = [];

    /// <summary>The invoker for a delegate type, or null when the type is none of the shapes that the surface accepts.</summary>
    public static JobInvoker? For(Type delegateType, bool hasArgument)
    {
        var known = hasArgument ? WithArgument : Plain;
        return known.TryGetValue(delegateType, out var invoker) ? invoker : Add(known, delegateType, hasArgument);
    }

    /// <summary>Calls the delegate. What it throws goes through; a returned task is awaited elsewhere.</summary>
    public abstract void Invoke(Delegate job, JobRun run, GridSerializer serializer);

    private static JobInvoker? Add(ConditionalWeakTable<Type, JobInvoker> known, Type delegateType, bool hasArgument) =>
        Make(delegateType, hasArgument) is { } made ? known.GetValue(delegateType, _ => made) : null;

    private static JobInvoker? Make(Type type, bool hasArgument)
    {
        if (type == typeof(Action))
        {
            return hasArgument ? null : new ActionInvoker();
        }

        if (!type.IsGenericType)
        {
            return null;
        }

        var shape = type.GetGenericTypeDefinition();
        var types = type.GetGenericArguments();
        if (shape == typeof(Func<>) && !hasArgument)
        {
            return MakeFor(types[0], typeof(FuncInvoker<>), typeof(TaskFuncInvoker<>), () => new TaskInvoker(), []);
        }

        if (shape != typeof(Func<,>))
        {
            return null;
        }

        if (hasArgument)
        {
            return MakeFor(types[1], typeof(ArgumentInvoker<,>), typeof(ArgumentTaskInvoker<,>), null, [types[0]]);
        }

        return types[0] == typeof(IJobContext) ? MakeFor(types[1], null, typeof(ContextInvoker<>), () => new ContextTaskInvoker(), []) : null;
    }

    private static JobInvoker? MakeFor(Type result, Type? plain, Type awaited, Func<JobInvoker>? nothing, Type[] before)
    {
        if (result == typeof(Task))
        {
            return nothing?.Invoke();
        }

        var isTask = result.IsGenericType && result.GetGenericTypeDefinition() == typeof(Task<>);
        var shape = isTask ? awaited : plain;
        return shape is null ? null : (JobInvoker)Activator.CreateInstance(shape.MakeGenericType([.. before, isTask ? result.GetGenericArguments()[0] : result]))!;
    }

    private sealed class ActionInvoker : JobInvoker
    {
        public override void Invoke(Delegate job, JobRun run, GridSerializer serializer)
        {
            ((Action)job)();
            run.Host.EndWithResult(run, default(Nothing));
        }
    }

    private sealed class FuncInvoker<TResult> : JobInvoker
    {
        public override void Invoke(Delegate job, JobRun run, GridSerializer serializer) =>
            run.Host.EndWithResult(run, ((Func<TResult>)job)());
    }

    private sealed class TaskInvoker : JobInvoker
    {
        public override void Invoke(Delegate job, JobRun run, GridSerializer serializer) =>
            run.Host.EndWith(run, ((Func<Task>)job)());
    }

    private sealed class TaskFuncInvoker<TResult> : JobInvoker
    {
        public override void Invoke(Delegate job, JobRun run, GridSerializer serializer) =>
            run.Host.EndWith(run, ((Func<Task<TResult>>)job)());
    }

    private sealed class ContextTaskInvoker : JobInvoker
    {
        public override void Invoke(Delegate job, JobRun run, GridSerializer serializer) =>
            run.Host.EndWith(run, ((Func<IJobContext, Task>)job)(run.Context));
    }

    private sealed class ContextInvoker<TResult> : JobInvoker
    {
        public override void Invoke(Delegate job, JobRun run, GridSerializer serializer) =>
            run.Host.EndWith(run, ((Func<IJobContext, Task<TResult>>)job)(run.Context));
    }

    private sealed class ArgumentInvoker<TArg, TResult> : JobInvoker
    {
        public override void Invoke(Delegate job, JobRun run, GridSerializer serializer)
        {
            var argument = run.ReadArgument<TArg>(serializer);
            run.Host.EndWithResult(run, ((Func<TArg, TResult>)job)(argument));
        }
    }

    private sealed class ArgumentTaskInvoker<TArg, TResult> : JobInvoker
    {
        public override void Invoke(Delegate job, JobRun run, GridSerializer serializer)
        {
            var argument = run.ReadArgument<TArg>(serializer);
            run.Host.EndWith(run, ((Func<TArg, Task<TResult>>)job)(argument));
        }
    }
}
