namespace Grid.Spi;

/// <summary>
/// What an assembly named in the configuration (<c>Grid:Plugins</c>) brings: a public class with a constructor without parameters. Grid makes
/// one instance per node before it reads the rest of the configuration, calls <see cref="Register"/> once, and keeps nothing of it. What it throws
/// is reported with the other problems of the configuration.
/// </summary>
public interface IGridPlugin
{
    /// <summary>Registers providers. Called on the thread that starts the node; it must not block.</summary>
    /// <param name="providers">Where to; valid during the call.</param>
    void Register(IGridProviders providers);
}
