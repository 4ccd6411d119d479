namespace Grid.Architecture.Tests.Model;

/// <summary>A breach that a reviewer accepted.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Subject">The subject of the violation, as the failure message prints it in brackets.</param>
/// <param name="Reason">Why keeping the rule here would be worse.</param>
internal sealed record ReviewedException(string Rule, string Subject, string Reason);
