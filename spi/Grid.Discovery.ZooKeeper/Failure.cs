using Grid.ZooKeeper;

namespace Grid.Discovery.ZooKeeper;

/// <summary>The client's exceptions as those of the contract: the one place that knows both.</summary>
internal static class Failure
{
    public static async Task TranslateAsync(Func<Task> action, ZooKeeperDiscoveryOptions options, CancellationToken ct)
    {
        try
        {
            await action().ConfigureAwait(true);
        }
        catch (ZooKeeperException exception)
        {
            ct.ThrowIfCancellationRequested();
            throw Translate(exception, options);
        }
    }

    private static GridException Translate(ZooKeeperException exception, ZooKeeperDiscoveryOptions options)
    {
        const string Section = "Grid:Discovery:ZooKeeper";
        return exception.Code switch
        {
            ZooKeeperErrorCode.AuthFailed => new GridConfigurationException([$"{Section}:Auth: ZooKeeper refused the credentials. {exception.Message}"]),
            ZooKeeperErrorCode.NoAuth or ZooKeeperErrorCode.InvalidAcl => new GridConfigurationException(
                [$"{Section}:Auth: ZooKeeper does not allow this identity to use '{exception.Path ?? options.Root}'. Configure the identity that created it, correct its ACL, or use another Root."]),
            ZooKeeperErrorCode.BadArguments => new GridConfigurationException(
                [$"{Section}:SessionTimeout: {exception.Message} Raise maxSessionTimeout of the servers (20 ticks unless set) or lower SessionTimeout."]),
            ZooKeeperErrorCode.NoNode => new GridConfigurationException(
                [$"{Section}:ConnectionString: '{exception.Path}' cannot be created because its parent does not exist. Create the chroot of the connection string first."]),
            _ => new DiscoveryException($"ZooKeeper at '{options.ConnectionString}' did not do what was asked: {exception.Message}", exception),
        };
    }
}
