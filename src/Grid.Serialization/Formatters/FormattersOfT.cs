namespace Grid.Serialization;

/// <summary>The formatter of a type, where the type is known when the code is compiled. Lives and is unloaded with the type.</summary>
internal static class Formatters<T>
{
    public static readonly Formatter<T> Instance = (Formatter<T>)FormatterFactory.Create(typeof(T));
}
