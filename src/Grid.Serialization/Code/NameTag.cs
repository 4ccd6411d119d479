namespace Grid.Serialization;

/// <summary>What follows in the name of a type or method.</summary>
internal static class NameTag
{
    /// <summary>One byte: a number of <see cref="WellKnownTypes"/>.</summary>
    public const byte WellKnown = 1;

    /// <summary>Assembly and full name of a type that every node has.</summary>
    public const byte HostType = 2;

    /// <summary>Module number and metadata row of a type in a user module.</summary>
    public const byte ModuleType = 3;

    /// <summary>A generic type definition, a count and its arguments.</summary>
    public const byte Constructed = 4;

    /// <summary>The element type of an array with lower bound zero.</summary>
    public const byte Vector = 5;

    /// <summary>A rank and the element type.</summary>
    public const byte Rectangular = 6;

    /// <summary>In a signature: a parameter of the generic type, by position.</summary>
    public const byte TypeParameter = 7;

    /// <summary>In a signature: a parameter of the generic method, by position.</summary>
    public const byte MethodParameter = 8;

    /// <summary>In a signature: passed by reference.</summary>
    public const byte ByReference = 9;

    /// <summary>In a signature: a pointer.</summary>
    public const byte Pointer = 10;

    /// <summary>Module number and metadata row of a method; neither it nor its type is generic.</summary>
    public const byte ModuleMethod = 16;

    /// <summary>The same, then the declaring type, a count and the method's type arguments.</summary>
    public const byte GenericModuleMethod = 17;

    /// <summary>Declaring type, name, type arguments and parameter types of a method that every node has.</summary>
    public const byte HostMethod = 18;
}
