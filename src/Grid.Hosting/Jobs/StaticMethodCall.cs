using System.Globalization;
using System.Reflection;
using System.Text.Json;

namespace Grid.Hosting;

/// <summary>
/// A job that calls a static method, chosen at run time: what <c>grid run</c> submits. The method's parameters of type <see cref="IJobContext"/> and <see cref="CancellationToken"/> are
/// the job's own; the arguments are for the others. It travels to a node as its fields, and the method's assembly as code.
/// </summary>
public sealed class StaticMethodCall
{
    private readonly Type _type;
    private readonly string _method;
    private readonly Type[] _parameters;
    private readonly object?[] _arguments;

    /// <summary>Makes a call.</summary>
    /// <param name="method">A static method without type parameters.</param>
    /// <param name="arguments">A value for each parameter that is not the job's own, in their order.</param>
    /// <exception cref="ArgumentException">The method is not static or generic, or the number of arguments is another.</exception>
    public StaticMethodCall(MethodInfo method, IReadOnlyList<object?> arguments)
    {
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(arguments);
        var parameters = method.GetParameters();
        if (!method.IsStatic || method.ContainsGenericParameters || method.DeclaringType is not { ContainsGenericParameters: false } type)
        {
            throw new ArgumentException($"{method.DeclaringType}.{method.Name} cannot be called: it is not static, or has type parameters.", nameof(method));
        }

        var own = parameters.Count(parameter => IsTheJobsOwn(parameter.ParameterType));
        if (arguments.Count != parameters.Length - own)
        {
            throw new ArgumentException($"{type}.{method.Name} takes {parameters.Length - own} arguments, not {arguments.Count}.", nameof(arguments));
        }

        _type = type;
        _method = method.Name;
        _parameters = [.. parameters.Select(parameter => parameter.ParameterType)];
        _arguments = [.. arguments];
    }

    /// <summary>Whether a parameter gets its value from the job instead of the caller.</summary>
    /// <param name="parameter">The parameter's type.</param>
    public static bool IsTheJobsOwn(Type parameter) => parameter == typeof(IJobContext) || parameter == typeof(CancellationToken);

    /// <summary>Calls the method, and awaits it if it returns a task. The job to submit.</summary>
    /// <param name="context">The running job.</param>
    /// <returns>What the method returned: text as it is, numbers and dates in the invariant culture, everything else as JSON; <see langword="null"/> for nothing.</returns>
    public async Task<string?> RunAsync(IJobContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        const BindingFlags AnyStatic = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;
        var method = _type.GetMethod(_method, AnyStatic, _parameters)
            ?? throw new CodeShippingException($"{_type} has no method {_method} of the submitter's parameters on this node: the code here is another version.");
        try
        {
            var outcome = method.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [.. Bind(context)], CultureInfo.InvariantCulture);
            return Format(await AwaitAsync(outcome, method.ReturnType).ConfigureAwait(true));
        }
        finally
        {
            // Where the host sends what jobs print to their callers, an unfinished line goes, too.
            await Console.Out.FlushAsync(CancellationToken.None).ConfigureAwait(true);
        }
    }

    private IEnumerable<object?> Bind(IJobContext context)
    {
        var next = 0;
        foreach (var parameter in _parameters)
        {
            yield return parameter == typeof(IJobContext) ? context : parameter == typeof(CancellationToken) ? context.CancellationToken : _arguments[next++];
        }
    }

    private static async Task<object?> AwaitAsync(object? outcome, Type declared)
    {
        if (outcome is ValueTask valueTask)
        {
            outcome = valueTask.AsTask();
        }
        else if (declared.IsGenericType && declared.GetGenericTypeDefinition() == typeof(ValueTask<>))
        {
            outcome = declared.GetMethod(nameof(ValueTask<int>.AsTask))!.Invoke(outcome, null);
        }

        if (outcome is not Task task)
        {
            return outcome;
        }

        await task.ConfigureAwait(true);
        var hasResult = declared.IsGenericType && declared.GetGenericArguments().Length == 1;
        return hasResult ? task.GetType().GetProperty(nameof(Task<int>.Result))!.GetValue(task) : null;
    }

    private static string? Format(object? value) => value switch
    {
        null => null,
        string text => text,
        bool flag => flag ? "true" : "false",
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => JsonSerializer.Serialize(value, value.GetType()),
    };
}
