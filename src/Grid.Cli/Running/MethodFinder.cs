using System.Reflection;
using Grid.Hosting;

namespace Grid.Cli.Running;

/// <summary>Finds the static method that a user means by <c>Type.Method</c>, with or without the namespace.</summary>
internal static class MethodFinder
{
    private const BindingFlags Declared = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
    private const int ListedMax = 20;

    /// <exception cref="UsageException">There is no such method, or more than one.</exception>
    public static MethodInfo Find(Assembly assembly, string title, int arguments)
    {
        var dot = title.LastIndexOf('.');
        if (dot <= 0 || dot == title.Length - 1)
        {
            throw new UsageException($"'{title}' is not of the form Type.Method.");
        }

        try
        {
            return Find(assembly, title[..dot], title[(dot + 1)..], arguments);
        }
        catch (IOException exception)
        {
            throw new UsageException($"{Path.GetFileName(assembly.Location)} cannot be read: {exception.Message} Publish it, so that its dependencies are beside it.");
        }
    }

    private static MethodInfo Find(Assembly assembly, string typeName, string methodName, int arguments)
    {
        var title = $"{typeName}.{methodName}";
        var callable = TypesOf(assembly).SelectMany(type => type.GetMethods(Declared)).Where(method => !method.ContainsGenericParameters).ToList();
        var named = callable.Where(method => method.Name == methodName && IsNamed(method.DeclaringType!, typeName)).ToList();
        var fitting = named.Where(method => Fits(method, arguments)).ToList();
        return fitting switch
        {
            [var only] => only,
            [_, _, ..] => throw new UsageException($"{title} is more than one method that takes {arguments} arguments: {List(fitting)}. Write the namespace too, or give one another name."),
            [] when named.Count > 0 => throw new UsageException($"{title} does not take {Output.Words.Count(arguments, "argument")}: {List(named)}."),
            _ => throw new UsageException($"{Path.GetFileName(assembly.Location)} has no static method {title}. It has: {List(callable.Where(method => method.IsPublic))}."),
        };
    }

    /// <summary>The parameters that the command line gives values for.</summary>
    public static IReadOnlyList<ParameterInfo> ParametersOf(MethodInfo method) =>
        [.. method.GetParameters().Where(parameter => !StaticMethodCall.IsTheJobsOwn(parameter.ParameterType))];

    /// <summary>Whether the last parameter takes all arguments that are left, as that of a Main does.</summary>
    public static bool TakesRest(IReadOnlyList<ParameterInfo> parameters) => parameters is [.., { ParameterType: var last }] && last == typeof(string[]);

    private static bool Fits(MethodInfo method, int arguments)
    {
        var parameters = ParametersOf(method);
        return TakesRest(parameters)
            ? arguments >= parameters.Count - 1
            : arguments <= parameters.Count && parameters.Skip(arguments).All(parameter => parameter.HasDefaultValue);
    }

    private static IEnumerable<Type> TypesOf(Assembly assembly)
    {
        try
        {
            return assembly.GetTypes().Where(type => !type.ContainsGenericParameters && !type.Name.StartsWith('<'));
        }
        catch (ReflectionTypeLoadException exception)
        {
            throw new UsageException($"{Path.GetFileName(assembly.Location)} cannot be read: {exception.LoaderExceptions.FirstOrDefault()?.Message} Publish it, so that its dependencies are beside it.");
        }
    }

    private static bool IsNamed(Type type, string name)
    {
        var full = type.FullName!.Replace('+', '.');
        return full == name || full.EndsWith("." + name, StringComparison.Ordinal);
    }

    private static string List(IEnumerable<MethodInfo> methods)
    {
        var titles = methods.Select(Describe).Order(StringComparer.Ordinal).ToList();
        return titles.Count == 0 ? "none" : string.Join(", ", titles.Take(ListedMax)) + (titles.Count > ListedMax ? ", ..." : "");
    }

    private static string Describe(MethodInfo method) =>
        $"{method.DeclaringType!.Name}.{method.Name}({string.Join(", ", ParametersOf(method).Select(parameter => $"{parameter.ParameterType.Name} {parameter.Name}"))})";
}
