using System.Reflection;
using System.Runtime.CompilerServices;

namespace Grid.Serialization;

/// <summary>Finds the formatter of a type that is known only at run time. Holds types weakly, so that their code can be unloaded.</summary>
internal static class FormatterIndex
{
    private static readonly ConditionalWeakTable<Type, Formatter> Index = [];

    public static Formatter Of(Type type) => Index.TryGetValue(type, out var formatter) ? formatter : Find(type);

    private static Formatter Find(Type type)
    {
        var holder = typeof(Formatters<>).MakeGenericType(type);
        var field = holder.GetField(nameof(Formatters<>.Instance), BindingFlags.Public | BindingFlags.Static)!;
        try
        {
            return Index.GetValue(type, _ => (Formatter)field.GetValue(null)!);
        }
        catch (TargetInvocationException e) when (e.InnerException is not null)
        {
            throw new CodeShippingException($"No formatter can be made for type {TypeNaming.Friendly(type)}.", e.InnerException);
        }
    }
}
