namespace Grid.Cli;

/// <summary>The command line cannot be used, as is seen only when it is carried out.</summary>
internal sealed class UsageException(string message) : Exception(message);
