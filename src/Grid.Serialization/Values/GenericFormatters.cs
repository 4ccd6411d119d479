using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Reflection;

namespace Grid.Serialization;

/// <summary>Formatters of the BCL's generic types, by definition.</summary>
internal static class GenericFormatters
{
    private static readonly Dictionary<Type, MethodInfo> Shapes = FindShapes();

    private static readonly HashSet<Type> HashTables = [typeof(HashSet<>), typeof(OrderedDictionary<,>), typeof(ConcurrentDictionary<,>)];

    private static readonly Dictionary<Type, Type> Classes = new()
    {
        [typeof(List<>)] = typeof(ListFormatter<>),
        [typeof(Dictionary<,>)] = typeof(DictionaryFormatter<,>),
        [typeof(Nullable<>)] = typeof(NullableFormatter<>),
        [typeof(Lazy<>)] = typeof(LazyFormatter<>),
    };

    public static Formatter? Create(Type type)
    {
        if (CreateDerived(type) is { } derived)
        {
            return derived;
        }

        if (!type.IsConstructedGenericType)
        {
            return CreateDefaultComparer(type) ?? CreateFrozen(type);
        }

        var definition = type.GetGenericTypeDefinition();
        if (Classes.TryGetValue(definition, out var formatter))
        {
            return (Formatter)Activator.CreateInstance(formatter.MakeGenericType(type.GetGenericArguments()))!;
        }

        if (Shapes.TryGetValue(definition, out var shape))
        {
            return (Formatter)shape.MakeGenericMethod(type.GetGenericArguments()).Invoke(null, null)!;
        }

        return CreateFrozen(type) ?? CreateDefaultComparer(type);
    }

    private static Dictionary<Type, MethodInfo> FindShapes()
    {
        Type[] definitions =
        [
            typeof(HashSet<>), typeof(SortedSet<>), typeof(Queue<>), typeof(Stack<>), typeof(LinkedList<>), typeof(ConcurrentQueue<>),
            typeof(ConcurrentStack<>), typeof(ConcurrentBag<>), typeof(SortedDictionary<,>), typeof(SortedList<,>), typeof(OrderedDictionary<,>),
            typeof(ConcurrentDictionary<,>), typeof(ImmutableList<>), typeof(ImmutableQueue<>), typeof(ImmutableStack<>), typeof(ImmutableHashSet<>),
            typeof(ImmutableSortedSet<>), typeof(ImmutableDictionary<,>), typeof(ImmutableSortedDictionary<,>), typeof(ImmutableArray<>),
            typeof(ArraySegment<>), typeof(Memory<>), typeof(ReadOnlyMemory<>), typeof(KeyValuePair<,>),
        ];
        Type[] holders = [typeof(SequenceShapes), typeof(MapShapes), typeof(BuiltShapes), typeof(ViewShapes)];
        var methods = holders.SelectMany(h => h.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly)).ToDictionary(m => m.Name);
        return definitions.ToDictionary(d => d, d => methods[d.Name[..d.Name.IndexOf('`', StringComparison.Ordinal)]]);
    }

    /// <summary>Classes that derive from a hash table.</summary>
    private static Formatter? CreateDerived(Type type)
    {
        if (!type.IsClass || type.IsAbstract)
        {
            return null;
        }

        for (var level = type.BaseType; level is not null; level = level.BaseType)
        {
            var definition = level.IsConstructedGenericType ? level.GetGenericTypeDefinition() : level;
            if (definition == typeof(Dictionary<,>))
            {
                return (Formatter)Activator.CreateInstance(typeof(DerivedMapFormatter<,,>).MakeGenericType([type, .. level.GetGenericArguments()]))!;
            }

            if (HashTables.Contains(definition))
            {
                return (Formatter)Activator.CreateInstance(
                    typeof(RefusedFormatter<>).MakeGenericType(type),
                    $"it derives from {TypeNaming.Friendly(level)}, whose fields hold hash codes that differ from process to process; hold one in a field instead")!;
            }
        }

        return null;
    }

    private static Formatter? CreateFrozen(Type type)
    {
        for (var level = type; level is not null; level = level.BaseType)
        {
            if (!level.IsConstructedGenericType)
            {
                continue;
            }

            var definition = level.GetGenericTypeDefinition();
            var name = definition == typeof(FrozenSet<>) ? nameof(BuiltShapes.FrozenSet)
                : definition == typeof(FrozenDictionary<,>) ? nameof(BuiltShapes.FrozenDictionary) : null;
            if (name is not null)
            {
                return (Formatter)typeof(BuiltShapes).GetMethod(name)!.MakeGenericMethod([type, .. level.GetGenericArguments()]).Invoke(null, null)!;
            }
        }

        return null;
    }

    /// <summary>The default comparers are single objects, and programs compare them by reference.</summary>
    private static Formatter? CreateDefaultComparer(Type type)
    {
        for (var level = type.BaseType; level is { IsConstructedGenericType: true }; level = level.BaseType)
        {
            var definition = level.GetGenericTypeDefinition();
            if (definition != typeof(EqualityComparer<>) && definition != typeof(Comparer<>))
            {
                continue;
            }

            var shared = level.GetProperty(nameof(Comparer<>.Default), BindingFlags.Public | BindingFlags.Static)!.GetValue(null)!;
            return shared.GetType() == type
                ? (Formatter)Activator.CreateInstance(typeof(SingletonFormatter<>).MakeGenericType(type), shared)!
                : null;
        }

        return null;
    }
}
