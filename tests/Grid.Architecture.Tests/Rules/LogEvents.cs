using System.Globalization;
using Grid.Architecture.Tests.Model;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Grid.Architecture.Tests.Rules;

/// <summary>
/// Log methods stand in classes named XLog, state their event id as a number, no id is used twice, and each lies in the range of
/// its project or kernel folder.
/// </summary>
internal sealed class LogEvents : IRule
{
    /// <summary>The ranges, each of 100 ids; a new capability takes a free one here.</summary>
    private static readonly (string Folder, int First)[] Ranges =
    [
        ("src/Grid.Messaging/", 1000),
        ("spi/Grid.Communication.Tcp/", 1100),
        ("src/Grid.Kernel/Membership/", 2000),
        ("spi/Grid.Discovery.InMemory/", 2100),
        ("src/Grid.Kernel/Gossip/", 2500),
        ("src/Grid.Kernel/Health/", 2600),
        ("src/Grid.Kernel/Compute/", 3000),
        ("src/Grid.Kernel/Deployment/", 3500),
        ("src/Grid.Kernel/ForkJoin/", 3600),
        ("src/Grid.Kernel/Lifecycle/", 4000),
        ("src/Grid.Hosting/", 4000),
        ("src/Grid.Cli/", 6000),
        ("spi/Grid.ZooKeeper/", 5000),
        ("spi/Grid.Discovery.ZooKeeper/", 5100),
        ("spi/Grid.Discovery.Gossip/", 5300),
    ];

    public string Name => nameof(LogEvents);

    public IEnumerable<Violation> Check(Repository repository)
    {
        var events = repository.CSharp.Where(file => file.IsShipped).SelectMany(EventsOf).ToList();
        var twice = from logged in events
                    where logged.Id is not null
                    group logged by logged.Id into same
                    where same.Count() > 1
                    from logged in same.Skip(1)
                    select Breach(logged, $"uses the event id {logged.Id}, which {same.First().Method} ({same.First().File.Path}) has already. Take the next free one.");
        return events.SelectMany(CheckEvent).Concat(twice);
    }

    private static IEnumerable<LogEvent> EventsOf(RepositoryFile file) =>
        from method in file.Syntax.DescendantNodes().OfType<MethodDeclarationSyntax>()
        from attribute in method.AttributeLists.SelectMany(list => list.Attributes)
        where attribute.Name.ToString() is "LoggerMessage" or "LoggerMessageAttribute"
        let owner = method.FirstAncestorOrSelf<TypeDeclarationSyntax>()?.Identifier.ValueText ?? ""
        select new LogEvent(file, attribute, owner, method.Identifier.ValueText, IdOf(attribute));

    private static int? IdOf(AttributeSyntax attribute)
    {
        var arguments = attribute.ArgumentList?.Arguments ?? default;
        var argument = arguments.FirstOrDefault(candidate => candidate.NameEquals?.Name.Identifier.ValueText == "EventId")
            ?? arguments.FirstOrDefault(candidate => candidate.NameColon?.Name.Identifier.ValueText == "eventId")
            ?? arguments.FirstOrDefault(candidate => candidate.NameEquals is null && candidate.NameColon is null);
        return int.TryParse(argument?.Expression.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
    }

    private static IEnumerable<Violation> CheckEvent(LogEvent logged)
    {
        if (!logged.Owner.EndsWith("Log", StringComparison.Ordinal))
        {
            yield return Breach(logged, $"is a log method in {logged.Owner}: move it to a class whose name ends in Log.");
        }

        var range = Ranges.Where(range => logged.File.Path.StartsWith(range.Folder, StringComparison.Ordinal)).Select(range => (int?)range.First).FirstOrDefault();
        if (logged.Id is null)
        {
            yield return Breach(logged, "states no event id as a number: write [LoggerMessage(1234, LogLevel.…, \"…\")].");
        }
        else if (range is null)
        {
            yield return Breach(logged, "logs from a folder without a range of event ids: take a free hundred in Rules/LogEvents.cs.");
        }
        else if (logged.Id < range || logged.Id > range + 99)
        {
            yield return Breach(logged, $"uses the event id {logged.Id} outside its range {range} to {range + 99}.");
        }
    }

    private static Violation Breach(LogEvent logged, string what) =>
        new(logged.File.At(logged.Attribute), $"{logged.File.Path}#{logged.Method}", $"{logged.Owner}.{logged.Method} {what}");

    private sealed record LogEvent(RepositoryFile File, AttributeSyntax Attribute, string Owner, string Method, int? Id);
}
