using Grid.Kernel.Deployment.Code;
using Microsoft.Extensions.Logging;

namespace Grid.Kernel.Deployment;

/// <summary>Log lines of the deployment part: events 3500 to 3599.</summary>
internal static partial class DeploymentLog
{
    [LoggerMessage(3500, LogLevel.Information, "Code loaded: {Set} ({Names}; {Files} files, {Bytes} bytes) for {Submitter}, {FetchedFiles} files with {FetchedBytes} bytes fetched, in {Milliseconds} ms")]
    public static partial void CodeLoaded(
        ILogger logger, CodeSetId set, string names, int files, long bytes, string submitter, int fetchedFiles, long fetchedBytes, double milliseconds);

    [LoggerMessage(3501, LogLevel.Information, "Code fetched: {File}, {Bytes} bytes, hash {Hash}, from {From} for {Submitter}")]
    public static partial void FileFetched(ILogger logger, CodeFile file, int bytes, FileHash hash, NodeInfo from, string submitter);

    [LoggerMessage(3502, LogLevel.Information, "Code unloaded: {Set} ({Names}): {Reason}")]
    public static partial void CodeUnloaded(ILogger logger, CodeSetId set, string names, string reason);

    [LoggerMessage(3503, LogLevel.Warning, "Code {Set} ({Names}) was unloaded and is still in memory after {Collections} collections: a thread, a timer, an event or a static member of the platform that a job left behind refers to it. It counts against Grid:Deployment:ContextsMax")]
    public static partial void ContextKept(ILogger logger, CodeSetId set, string names, int collections);

    [LoggerMessage(3504, LogLevel.Warning, "Code {Set} for {Submitter} was not loaded: {Reason}")]
    public static partial void CodeRefused(ILogger logger, CodeSetId set, string submitter, string reason);

    [LoggerMessage(3505, LogLevel.Warning, "{Path} in the code cache was damaged and has been removed; the file will be fetched again")]
    public static partial void CacheDamaged(ILogger logger, string path);

    [LoggerMessage(3506, LogLevel.Warning, "{Path} in the code cache cannot be used: {Reason}")]
    public static partial void CacheUnusable(ILogger logger, string path, string reason);

    [LoggerMessage(3507, LogLevel.Warning, "The {Request} was not given to {Peer}: {Reason}")]
    public static partial void NotGiven(ILogger logger, string request, NodeKey peer, string reason);

    [LoggerMessage(3508, LogLevel.Error, "The code of jobs could not be looked through for what can be unloaded; it is tried again")]
    public static partial void SweepFailed(ILogger logger, Exception exception);
}
