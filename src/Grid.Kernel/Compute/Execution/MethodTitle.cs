using System.Reflection;

namespace Grid.Kernel.Compute.Execution;

/// <summary>What people call a job's method: <c>Program.Main</c> for a lambda that the compiler has put into a class and under a name of its own.</summary>
internal static class MethodTitle
{
    public static string Of(MethodInfo method)
    {
        var type = method.DeclaringType;
        while (type is { IsNested: true } && type.Name.StartsWith('<'))
        {
            type = type.DeclaringType;
        }

        var name = method.Name.TrimStart('<');
        var end = name.IndexOfAny(['>', '$']);
        name = end > 0 ? name[..end] : name;
        var title = type is null || type.Name.StartsWith('<') ? name : $"{type.Name}.{name}";
        return title.Length > Wire.JobTrailer.NameCharsMax ? title[..Wire.JobTrailer.NameCharsMax] : title;
    }
}
