using System.Buffers.Binary;
using System.Reflection;
using System.Text;

namespace Grid.Serialization;

/// <summary>Takes the name of a type or method apart and finds it. Slow, and done once per name and catalog. Trusts no count and no number.</summary>
internal ref struct NameParser(ReadOnlySpan<byte> name, ReadOnlySpan<byte> modules, IModuleCatalog catalog)
{
    private const int DepthMax = 64;
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    private readonly ReadOnlySpan<byte> _name = name;
    private readonly ReadOnlySpan<byte> _modules = modules;
    private int _position;
    private int _depth;

    public Type ReadWholeType()
    {
        var type = ReadType();
        CheckEnd();
        return type;
    }

    public MethodBase ReadWholeMethod()
    {
        var method = ReadMethod();
        CheckEnd();
        return method;
    }

    private Type ReadType()
    {
        if (++_depth > DepthMax)
        {
            throw Broken("is nested too deeply");
        }

        var tag = ReadByte();
        var type = tag switch
        {
            NameTag.WellKnown => WellKnownTypes.TypeOf(ReadByte()) ?? throw Broken("has a type number that this version does not know"),
            NameTag.HostType => ReadHostType(),
            NameTag.ModuleType => ReadModuleType(),
            NameTag.Constructed => Construct(ReadType(), ReadTypes()),
            NameTag.Vector => ReadType().MakeArrayType(),
            NameTag.Rectangular => MakeRectangular(ReadNumber(), ReadType()),
            _ => throw Broken($"has a part of unknown kind {tag}"),
        };
        _depth--;
        return type;
    }

    private Type ReadHostType()
    {
        var number = ReadByte();
        var assemblyName = number == 0 ? ReadText() : HostAssemblies.NameOf(number) ?? throw Broken("has an assembly number that this version does not know");
        var typeName = ReadText();
        var assembly = catalog.FindHost(assemblyName) ?? throw new CodeShippingException(
            $"Assembly {assemblyName} is not part of this node's .NET or Grid; run the same versions on client and workers.");
        return assembly.GetType(typeName, throwOnError: false) ?? throw new CodeShippingException(
            $"Type {typeName} is not in this node's {assemblyName} {assembly.GetName().Version}; run the same versions on client and workers.");
    }

    private Type ReadModuleType()
    {
        var assembly = ReadModule(out var id);
        var row = ReadNumber();
        try
        {
            return assembly.ManifestModule.ResolveType(0x02000000 | row);
        }
        catch (ArgumentException e)
        {
            throw new CodeShippingException($"Module {id} ({assembly.GetName().Name}) has no type in row {row}.", e);
        }
    }

    private Assembly ReadModule(out ModuleId id)
    {
        var index = BinaryPrimitives.ReadUInt16BigEndian(ReadBytes(2));
        var list = new PayloadModules(_modules);
        if (index >= list.Count)
        {
            throw Broken($"is in module number {index}, and the header lists {list.Count}");
        }

        id = list[index];
        return catalog.FindModule(id) ?? throw new CodeShippingException($"User module {id} is not loaded on this node.");
    }

    private MethodBase ReadMethod()
    {
        var tag = ReadByte();
        if (tag == NameTag.HostMethod)
        {
            return ReadHostMethod();
        }

        if (tag is not (NameTag.ModuleMethod or NameTag.GenericModuleMethod))
        {
            throw Broken($"has a part of unknown kind {tag}");
        }

        var assembly = ReadModule(out var id);
        var row = ReadNumber();
        MethodBase method;
        try
        {
            method = assembly.ManifestModule.ResolveMethod(0x06000000 | row)!;
        }
        catch (ArgumentException e)
        {
            throw new CodeShippingException($"Module {id} ({assembly.GetName().Name}) has no method in row {row}.", e);
        }

        return tag == NameTag.ModuleMethod ? Plain(method) : Construct(method, ReadType(), ReadTypes());
    }

    private static MethodBase Plain(MethodBase method) =>
        method.IsGenericMethodDefinition || method.DeclaringType is not { IsGenericTypeDefinition: false } ? throw Broken("lacks type arguments") : method;

    private static MethodBase Construct(MethodBase definition, Type declaring, Type[] arguments)
    {
        var method = definition;
        if (declaring.IsConstructedGenericType)
        {
            if (declaring.GetGenericTypeDefinition() != definition.DeclaringType)
            {
                throw Broken("has a declaring type that does not declare it");
            }

            method = MethodBase.GetMethodFromHandle(definition.MethodHandle, declaring.TypeHandle)!;
        }

        return arguments.Length == 0 ? Plain(method) : MakeGeneric(method, arguments);
    }

    private static MethodInfo MakeGeneric(MethodBase method, Type[] arguments)
    {
        if (method is not MethodInfo { IsGenericMethodDefinition: true } info || info.GetGenericArguments().Length != arguments.Length)
        {
            throw Broken("has type arguments that do not fit");
        }

        return info.MakeGenericMethod(arguments);
    }

    private MethodBase ReadHostMethod()
    {
        var declaring = ReadType();
        var name = ReadText();
        var arguments = ReadTypes();
        var signatureStart = _position;
        SkipTypes();
        SkipType();
        var signature = _name[signatureStart.._position];
        foreach (var candidate in declaring.GetMember(name, MemberTypes.Method | MemberTypes.Constructor, Declared))
        {
            var method = (MethodBase)candidate;
            if (HasSignature(method, signature) && arguments.Length == (method.IsGenericMethod ? method.GetGenericArguments().Length : 0))
            {
                return arguments.Length == 0 ? method : MakeGeneric(method, arguments);
            }
        }

        throw new CodeShippingException(
            $"Method {TypeNaming.Friendly(declaring)}.{name} with the expected parameters is not on this node; run the same .NET version on client and workers.");
    }

    /// <summary>Compares by bytes: the candidate's signature is put into the same form.</summary>
    private readonly bool HasSignature(MethodBase candidate, ReadOnlySpan<byte> signature) =>
        NameBuilder.SignatureOf(candidate, catalog).AsSpan().SequenceEqual(signature);

    private void SkipTypes()
    {
        for (var left = ReadCount(); left > 0; left--)
        {
            SkipType();
        }
    }

    private void SkipType()
    {
        switch (ReadByte())
        {
            case NameTag.WellKnown:
                ReadByte();
                break;
            case NameTag.HostType:
                if (ReadByte() == 0)
                {
                    ReadText();
                }

                ReadText();
                break;
            case NameTag.Constructed:
                SkipType();
                SkipTypes();
                break;
            case NameTag.Vector or NameTag.ByReference or NameTag.Pointer:
                SkipType();
                break;
            case NameTag.Rectangular:
                ReadNumber();
                SkipType();
                break;
            case NameTag.TypeParameter or NameTag.MethodParameter:
                ReadNumber();
                break;
            default:
                throw Broken("has a signature of unknown form");
        }
    }

    private Type[] ReadTypes()
    {
        var types = new Type[ReadCount()];
        for (var i = 0; i < types.Length; i++)
        {
            types[i] = ReadType();
        }

        return types;
    }

    private static Type Construct(Type definition, Type[] arguments)
    {
        if (!definition.IsGenericTypeDefinition || definition.GetGenericArguments().Length != arguments.Length)
        {
            throw Broken("has type arguments that do not fit");
        }

        return definition.MakeGenericType(arguments);
    }

    private static Type MakeRectangular(int rank, Type element) => rank is > 0 and <= 32 ? element.MakeArrayType(rank) : throw Broken("has an array of impossible rank");

    private int ReadCount()
    {
        var count = ReadNumber();
        return count <= _name.Length - _position ? count : throw Broken("is cut off");
    }

    private int ReadNumber()
    {
        uint number = 0;
        for (var shift = 0; shift <= 28; shift += 7)
        {
            var part = ReadByte();
            number |= (part & 127u) << shift;
            if (part < 128)
            {
                return number <= 0xffffff ? (int)number : throw Broken("has a number out of range");
            }
        }

        throw Broken("has a number out of range");
    }

    private string ReadText() => Encoding.UTF8.GetString(ReadBytes(ReadNumber()));

    private byte ReadByte() => ReadBytes(1)[0];

    private ReadOnlySpan<byte> ReadBytes(int count)
    {
        if (count > _name.Length - _position)
        {
            throw Broken("is cut off");
        }

        _position += count;
        return _name.Slice(_position - count, count);
    }

    private readonly void CheckEnd()
    {
        if (_position != _name.Length)
        {
            throw Broken("has extra bytes");
        }
    }

    private static MalformedPayloadException Broken(string problem) => new($"The name of a type or method in the payload {problem}.");
}
