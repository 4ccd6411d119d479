using System.Text.RegularExpressions;
using Grid.Architecture.Tests.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Grid.Architecture.Tests;

/// <summary>The code that the README shows compiles as it stands, in a program with the usual implicit usings.</summary>
public sealed partial class ReadmeTests
{
    private const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    [Fact]
    public void The_examples_of_the_readme_compile()
    {
        var readme = Repository.Current.Files.Single(file => file.Path == "README.md");
        var examples = CodeBlock().Matches(readme.Text).Select(block => block.Groups["code"].Value).ToList();

        Assert.NotEmpty(examples);
        Assert.All(examples, example => Assert.Equal([], Errors(example)));
    }

    [Fact]
    public void An_example_that_does_not_compile_is_found() => Assert.NotEmpty(Errors("using Grid; INodeGroup grid = null!; grid.NoSuchMember();"));

    private static IEnumerable<Diagnostic> Errors(string program) => CSharpCompilation.Create(
        "example",
        [CSharpSyntaxTree.ParseText(ImplicitUsings), CSharpSyntaxTree.ParseText(program)],
        PlatformReferences.All,
        new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable))
        .GetDiagnostics().Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning);

    [GeneratedRegex("```csharp\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();
}
