using System.Reflection;
using System.Text;

namespace Grid.Serialization;

/// <summary>Puts the name of one type or method together; slow, and done once per name and catalog.</summary>
internal sealed class NameBuilder(IModuleCatalog catalog)
{
    private readonly List<byte> _bytes = [];
    private readonly List<ModuleId> _modules = [];
    private readonly List<int> _offsets = [];

    public static WireName Build(Type type, IModuleCatalog catalog)
    {
        var builder = new NameBuilder(catalog);
        builder.AddType(type);
        return builder.ToName();
    }

    public static WireName Build(MethodBase method, IModuleCatalog catalog)
    {
        var builder = new NameBuilder(catalog);
        builder.AddMethod(method);
        return builder.ToName();
    }

    /// <summary>The parameter and return types of a host method, in the form that its name has them in.</summary>
    public static byte[] SignatureOf(MethodBase method, IModuleCatalog catalog)
    {
        var builder = new NameBuilder(catalog);
        builder.AddSignature(method, method.DeclaringType!);
        return [.. builder._bytes];
    }

    private WireName ToName() => new([.. _bytes], [.. _modules], [.. _offsets]);

    private void AddType(Type type)
    {
        var known = WellKnownTypes.IdOf(type);
        if (known >= 0)
        {
            _bytes.Add(NameTag.WellKnown);
            _bytes.Add((byte)known);
        }
        else if (type.HasElementType)
        {
            AddElementType(type);
        }
        else if (type.IsGenericParameter)
        {
            _bytes.Add(type.IsGenericMethodParameter ? NameTag.MethodParameter : NameTag.TypeParameter);
            AddNumber(type.GenericParameterPosition);
        }
        else if (type.IsConstructedGenericType)
        {
            _bytes.Add(NameTag.Constructed);
            AddType(type.GetGenericTypeDefinition());
            AddTypes(type.GetGenericArguments());
        }
        else
        {
            AddDefinition(type);
        }
    }

    private void AddElementType(Type type)
    {
        if (type.IsArray)
        {
            _bytes.Add(type.IsSZArray ? NameTag.Vector : NameTag.Rectangular);
            if (!type.IsSZArray)
            {
                AddNumber(type.GetArrayRank());
            }
        }
        else
        {
            _bytes.Add(type.IsByRef ? NameTag.ByReference : NameTag.Pointer);
        }

        AddType(type.GetElementType()!);
    }

    private void AddDefinition(Type type)
    {
        if (type.IsFunctionPointer)
        {
            throw new ShipmentRefusal(type, type, "a function pointer is an address in this process; use a delegate");
        }

        var module = catalog.NameOf(type.Assembly);
        if (module.HostName is { } host)
        {
            _bytes.Add(NameTag.HostType);
            AddAssembly(host);
            AddText(type.FullName!);
        }
        else
        {
            _bytes.Add(NameTag.ModuleType);
            AddModule(module.Id);
            AddNumber(type.MetadataToken & 0xffffff);
        }
    }

    private void AddMethod(MethodBase method)
    {
        if (method.DeclaringType is not { } declaring)
        {
            throw new ShipmentRefusal(method, "the method was made at run time and exists in no assembly; use a lambda or a method of a type");
        }

        var arguments = method.IsGenericMethod ? method.GetGenericArguments() : [];
        var module = catalog.NameOf(declaring.Assembly);
        if (module.IsHost)
        {
            AddHostMethod(method, declaring, arguments);
            return;
        }

        var isPlain = arguments.Length == 0 && !declaring.IsGenericType;
        _bytes.Add(isPlain ? NameTag.ModuleMethod : NameTag.GenericModuleMethod);
        AddModule(module.Id);
        AddNumber(method.MetadataToken & 0xffffff);
        if (!isPlain)
        {
            AddType(declaring);
            AddTypes(arguments);
        }
    }

    private void AddHostMethod(MethodBase method, Type declaring, Type[] arguments)
    {
        _bytes.Add(NameTag.HostMethod);
        AddType(declaring);
        AddText(method.Name);
        AddTypes(arguments);
        AddSignature(method, declaring);
    }

    private void AddSignature(MethodBase method, Type declaring)
    {
        var definition = DefinitionOf(method, declaring);
        AddTypes(Array.ConvertAll(definition.GetParameters(), p => p.ParameterType));
        AddType(definition is MethodInfo info ? info.ReturnType : typeof(void));
    }

    /// <summary>The method as its assembly declares it, with type parameters in its signature in place of arguments.</summary>
    private static MethodBase DefinitionOf(MethodBase method, Type declaring) =>
        method.IsGenericMethod || declaring.IsConstructedGenericType ? method.Module.ResolveMethod(method.MetadataToken)! : method;

    private void AddTypes(Type[] types)
    {
        AddNumber(types.Length);
        foreach (var type in types)
        {
            AddType(type);
        }
    }

    private void AddModule(ModuleId id)
    {
        _modules.Add(id);
        _offsets.Add(_bytes.Count);
        _bytes.AddRange([0, 0]);
    }

    private void AddAssembly(string name)
    {
        var number = HostAssemblies.NumberOf(name);
        _bytes.Add((byte)number);
        if (number == 0)
        {
            AddText(name);
        }
    }

    private void AddText(string text)
    {
        AddNumber(Encoding.UTF8.GetByteCount(text));
        _bytes.AddRange(Encoding.UTF8.GetBytes(text));
    }

    /// <summary>Seven bits per byte, the lowest first.</summary>
    private void AddNumber(int number)
    {
        for (var rest = (uint)number; ; rest >>= 7)
        {
            if (rest < 128)
            {
                _bytes.Add((byte)rest);
                return;
            }

            _bytes.Add((byte)(rest | 128));
        }
    }
}
