using System.ComponentModel;
using System.Reflection;
using System.Text.Json;

namespace Grid.Cli.Running;

/// <summary>Turns the words of a command line into the values that a method takes.</summary>
internal static class ArgumentReader
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>Reads a value for each parameter that the command line is for.</summary>
    /// <exception cref="UsageException">A word is no such value.</exception>
    public static IReadOnlyList<object?> Read(MethodInfo method, IReadOnlyList<string> words)
    {
        var parameters = MethodFinder.ParametersOf(method);
        var takesRest = MethodFinder.TakesRest(parameters);
        var values = new object?[parameters.Count];
        for (var i = 0; i < parameters.Count; i++)
        {
            values[i] = takesRest && i == parameters.Count - 1 ? words.Skip(i).ToArray()
                : i < words.Count ? Read(parameters[i], i + 1, words[i])
                : parameters[i].DefaultValue;
        }

        return values;
    }

    private static object? Read(ParameterInfo parameter, int position, string word)
    {
        var type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
        try
        {
            var converter = TypeDescriptor.GetConverter(type);
            return type == typeof(string) ? word
                : converter.CanConvertFrom(typeof(string)) && !type.IsArray ? converter.ConvertFromInvariantString(word)
                : JsonSerializer.Deserialize(word, type, Json);
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or JsonException or NotSupportedException or OverflowException)
        {
            var accepted = type.IsEnum ? $" Accepted: {string.Join(", ", Enum.GetNames(type))}." : IsJson(type) ? " It is read as JSON." : "";
            throw new UsageException($"Argument {position} ({parameter.Name}): '{word}' is not a value of {type.Name}.{accepted}");
        }
    }

    private static bool IsJson(Type type) => type.IsArray || !TypeDescriptor.GetConverter(type).CanConvertFrom(typeof(string));
}
