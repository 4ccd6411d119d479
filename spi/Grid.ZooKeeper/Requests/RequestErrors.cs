namespace Grid.ZooKeeper.Requests;

/// <summary>Words the exceptions with which requests end.</summary>
internal static class RequestErrors
{
    public static ZooKeeperException FromServer(Request request, ZooKeeperErrorCode code, Chroot chroot)
    {
        var path = Path(request, chroot);
        return new ZooKeeperException(code, path, false, $"{request.Code} of '{path}' was refused by the server: {code}.{Advice(code)}");
    }

    public static ZooKeeperException ConnectionLost(Request request, Chroot chroot, string reason)
    {
        var path = Path(request, chroot);
        var fate = request.IsWrite ? "Whether it was applied is unknown: read before you repeat it." : "It can be repeated.";
        return new ZooKeeperException(
            ZooKeeperErrorCode.ConnectionLoss, path, request.IsWrite, $"The connection was lost before {request.Code} of '{path}' was answered ({reason}). {fate}");
    }

    public static ZooKeeperException NotSentInTime(Request request, Chroot chroot, TimeSpan waited)
    {
        var path = Path(request, chroot);
        return new ZooKeeperException(
            ZooKeeperErrorCode.OperationTimeout, path, false,
            $"{request.Code} of '{path}' waited {waited.TotalSeconds:0.###} s for a connection and was never sent. It can be repeated when the client is connected.");
    }

    public static ZooKeeperException SessionOver(Request request, Chroot chroot, ZooKeeperErrorCode code, bool wasSent)
    {
        var path = Path(request, chroot);
        var mayBeApplied = wasSent && request.IsWrite;
        var cause = code switch
        {
            ZooKeeperErrorCode.SessionExpired => "the session has expired; make a new client for a new session",
            ZooKeeperErrorCode.AuthFailed => "a server refused the credentials; correct them and make a new client",
            _ => "the client is closed",
        };
        return new ZooKeeperException(code, path, mayBeApplied, $"{request.Code} of '{path}' has no answer: {cause}.");
    }

    public static ZooKeeperException TooMany(Request request, Chroot chroot, string limit)
    {
        var path = Path(request, chroot);
        return new ZooKeeperException(
            ZooKeeperErrorCode.TooManyRequests, path, false,
            $"{request.Code} of '{path}' was not sent: {limit}. Await earlier requests first, or raise the limit.");
    }

    public static ZooKeeperException TooManyWatches(Request request, Chroot chroot, int limit)
    {
        var path = Path(request, chroot);
        return new ZooKeeperException(
            ZooKeeperErrorCode.TooManyWatches, path, false,
            $"{request.Code} of '{path}' was not sent: {limit} watches are set ({nameof(ZooKeeperOptions.WatchesMax)}). Dispose watchers that are not needed, or raise the limit.");
    }

    public static ZooKeeperException Undecodable(Request request, Chroot chroot, Exception cause)
    {
        var path = Path(request, chroot);
        return new ZooKeeperException(
            ZooKeeperErrorCode.MarshallingError, path, request.IsWrite,
            $"The answer to {request.Code} of '{path}' does not follow the protocol: {cause.Message} The connection is given up.", cause);
    }

    private static string? Path(Request request, Chroot chroot) => request.Path is { } path ? chroot.Strip(path) : null;

    private static string Advice(ZooKeeperErrorCode code) => code switch
    {
        ZooKeeperErrorCode.NoNode => " The node, or the parent of a node to create, does not exist.",
        ZooKeeperErrorCode.BadVersion => " Somebody else changed the node; read it again.",
        ZooKeeperErrorCode.NoAuth => " The node's ACL does not allow it to this connection's identities; see WhoAmIAsync.",
        ZooKeeperErrorCode.InvalidAcl => " The list is empty, or it names the creator and the connection has no identity; see AddAuthAsync.",
        ZooKeeperErrorCode.Unimplemented => " The server is too old, or the feature is switched off there.",
        ZooKeeperErrorCode.Throttled => " The server sheds load; wait before you repeat it.",
        _ => "",
    };
}
