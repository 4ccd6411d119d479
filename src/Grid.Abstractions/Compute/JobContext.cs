namespace Grid;

/// <summary>Finds the context of the job that is running.</summary>
public static class JobContext
{
    private static readonly AsyncLocal<IJobContext?> Ambient = new();

    /// <summary>The context of the job on whose flow of control the caller is, or <see langword="null"/> outside a job.</summary>
    public static IJobContext? Current => Ambient.Value;

    /// <summary>Sets the context of the current flow of control. Called by the node that runs the job, before the job's first instruction.</summary>
    /// <param name="context">The context; <see langword="null"/> when the job has ended.</param>
    internal static void Enter(IJobContext? context) => Ambient.Value = context;
}
