using System.Runtime.CompilerServices;

namespace Grid.Serialization;

/// <summary>Names of types and fields as people wrote them, for paths and messages.</summary>
internal static class TypeNaming
{
    public const string Closure = "<closure>";

    /// <summary><c>List&lt;Int32&gt;</c>, <c>Outer.Inner</c>; <c>&lt;closure&gt;</c> for what the compiler keeps captured variables in.</summary>
    public static string Friendly(Type type)
    {
        if (type.IsArray)
        {
            return $"{Friendly(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]";
        }

        if (IsClosure(type))
        {
            return Closure;
        }

        var name = OriginalName(type.Name);
        var tick = name.IndexOf('`', StringComparison.Ordinal);
        name = tick < 0 ? name : name[..tick];
        return type.IsGenericType ? $"{name}<{string.Join(", ", type.GetGenericArguments().Select(Friendly))}>" : name;
    }

    /// <summary>The variable, property or parameter that a field stands for.</summary>
    public static string FieldName(string name)
    {
        if (name.Contains("__this", StringComparison.Ordinal))
        {
            return "this";
        }

        if (!name.StartsWith('<'))
        {
            return name;
        }

        // <x>5__2 (iterator or async local), <X>k__BackingField, <X>i__Field (anonymous type), <x>P (primary constructor), <>3__x (iterator parameter).
        var end = name.IndexOf('>', StringComparison.Ordinal);
        if (end > 1)
        {
            return name[1..end];
        }

        var mark = name.LastIndexOf("__", StringComparison.Ordinal);
        return mark >= 0 && mark + 2 < name.Length ? name[(mark + 2)..] : name;
    }

    /// <summary>Whether the compiler made the class to hold captured variables.</summary>
    public static bool IsClosure(Type type) =>
        type.Name.Contains("DisplayClass", StringComparison.Ordinal) && IsCompilerGenerated(type);

    /// <summary>Whether a field of a closure leads to the closure of the enclosing scope.</summary>
    public static bool IsOuterClosure(string fieldName) => fieldName.StartsWith("CS$<>8__locals", StringComparison.Ordinal);

    public static bool IsCompilerGenerated(Type type) => type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false);

    /// <summary><c>&lt;Lines&gt;d__3</c> is the iterator that the method Lines became.</summary>
    private static string OriginalName(string name)
    {
        var end = name.IndexOf(">d__", StringComparison.Ordinal);
        return name.StartsWith('<') && end > 1 ? $"{name[1..end]}(iterator)" : name;
    }
}
