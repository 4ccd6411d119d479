using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Grid.Testing.ZooKeeper;

namespace Grid.ZooKeeper.Tests.Server;

[Trait("Lane", "server")]
public sealed class AccessTests(Standalone standalone) : IClassFixture<Standalone>
{
    private static readonly byte[] Data = "secret"u8.ToArray();

    [SkippableFact]
    public async Task What_the_creator_alone_may_touch_others_cannot_read()
    {
        var servers = Needs.Servers(standalone.Servers);
        var chroot = await Clients.MakeChrootAsync(servers);
        await using var owner = await Clients.ConnectAsync(servers.ConnectString + chroot);
        await using var stranger = await Clients.ConnectAsync(servers.ConnectString + chroot);
        var refused = await Assert.ThrowsAsync<ZooKeeperException>(() => owner.CreateAsync("/mine", Data, new NodeSpec(CreateMode.Persistent, Acl.CreatorAll)));
        await owner.AddAuthAsync(AuthInfo.Digest("ann", "pw"));
        await owner.CreateAsync("/mine", Data, new NodeSpec(CreateMode.Persistent, Acl.CreatorAll));
        var noAuth = await Assert.ThrowsAsync<ZooKeeperException>(() => stranger.GetDataAsync("/mine"));
        Assert.Equal((ZooKeeperErrorCode.InvalidAcl, ZooKeeperErrorCode.NoAuth), (refused.Code, noAuth.Code));
        Assert.Equal(Data, (await owner.GetDataAsync("/mine")).Data);
        var acl = await owner.GetAclAsync("/mine");
        Assert.Equal([Acl.Digest(AclPermissions.All, "ann", "pw")], acl.Acl);
        Assert.Contains(new ClientIdentity("digest", "ann"), await owner.WhoAmIAsync());
    }

    [SkippableFact]
    public async Task An_acl_is_replaced_under_its_own_version()
    {
        var servers = Needs.Servers(standalone.Servers);
        await using var client = await Clients.InOwnChrootAsync(servers);
        await client.CreateAsync("/a", Data);
        var stat = await client.SetAclAsync("/a", [Acl.Digest(AclPermissions.All, "ann", "pw"), .. Acl.ReadOnly], 0);
        Assert.Equal(1, stat.Aversion);
        Assert.Equal(ZooKeeperErrorCode.NoAuth, (await Assert.ThrowsAsync<ZooKeeperException>(() => client.SetDataAsync("/a", null))).Code);
        Assert.Equal(Data, (await client.GetDataAsync("/a")).Data);
        await client.AddAuthAsync(AuthInfo.Digest("ann", "pw"));
        Assert.Equal(ZooKeeperErrorCode.BadVersion, (await Assert.ThrowsAsync<ZooKeeperException>(() => client.SetAclAsync("/a", Acl.Open, 0))).Code);
        await client.SetAclAsync("/a", Acl.Open, 1);
    }

    [SkippableFact]
    public async Task Added_credentials_are_presented_again_after_a_reconnect()
    {
        var servers = Needs.Servers(standalone.Servers);
        await using var proxy = new ChaosProxy(servers.ConnectString);
        await using var client = await Clients.ConnectAsync(proxy.Address + await Clients.MakeChrootAsync(servers));
        await client.AddAuthAsync(AuthInfo.Digest("ann", "pw"));
        await client.CreateAsync("/mine", Data, new NodeSpec(CreateMode.Persistent, Acl.CreatorAll));
        using var watcher = client.CreateWatcher();
        await client.GetDataAsync("/mine", watcher);
        proxy.Cut();
        await client.StateAsync(SessionState.Suspended);
        Assert.Equal(Data, (await client.GetDataAsync("/mine")).Data);
        await client.SetDataAsync("/mine", null);
        Assert.Equal(WatchEventType.NodeDataChanged, (await watcher.NextAsync()).Type);
    }

    [SkippableFact]
    public async Task An_unknown_scheme_ends_the_client_as_not_authenticated()
    {
        var servers = Needs.Servers(standalone.Servers);
        await using var client = await Clients.ConnectAsync(servers.ConnectString);
        var error = await Assert.ThrowsAsync<ZooKeeperException>(() => client.AddAuthAsync(new AuthInfo("nonsense", [1])).OrHang());
        Assert.Equal(ZooKeeperErrorCode.AuthFailed, error.Code);
        await client.StateAsync(SessionState.AuthFailed);
    }

    [SkippableFact]
    public async Task Sasl_proves_the_user_and_refuses_a_wrong_password()
    {
        var servers = Needs.Servers(standalone.Servers);
        var options = Clients.Options(servers.ConnectString);
        options.Sasl = new SaslCredential("grid", "sasl-secret");
        await using var client = await ZooKeeperClient.ConnectAsync(options).OrHang();
        Assert.Contains(new ClientIdentity("sasl", "grid"), await client.WhoAmIAsync());
        options.Sasl = new SaslCredential("grid", "wrong");
        var error = await Assert.ThrowsAsync<ZooKeeperException>(() => ZooKeeperClient.ConnectAsync(options).OrHang());
        Assert.Equal(ZooKeeperErrorCode.AuthFailed, error.Code);
    }

    [SkippableFact]
    public async Task Tls_with_a_client_certificate_is_an_identity_and_carries_a_load()
    {
        var servers = Needs.Servers(standalone.Servers);
        await using var client = await ZooKeeperClient.ConnectAsync(SecureOptions(servers)).OrHang();
        Assert.Contains(await client.WhoAmIAsync(), identity => identity.Scheme == "x509" && identity.Id.Contains("grid-test-client", StringComparison.Ordinal));
        var path = await client.CreateAsync("/tls-", null, CreateMode.PersistentSequential);
        var writes = Enumerable.Range(0, 300).Select(_ => client.SetDataAsync(path, new byte[1000])).ToArray();
        Assert.Equal(300, (await Task.WhenAll(writes).OrHang()).Max(stat => stat.Version));
    }

    [SkippableFact]
    public async Task Tls_refuses_a_server_that_no_trusted_authority_vouches_for()
    {
        var servers = Needs.Servers(standalone.Servers);
        var options = SecureOptions(servers);
        options.Tls = new SslClientAuthenticationOptions();
        options.StartTimeout = TimeSpan.FromSeconds(2);
        var error = await Assert.ThrowsAsync<ZooKeeperException>(() => ZooKeeperClient.ConnectAsync(options).OrHang());
        Assert.Contains("certificate", error.Message, StringComparison.OrdinalIgnoreCase);
    }

    private static ZooKeeperOptions SecureOptions(ZooKeeperServers servers)
    {
        var keys = Path.Combine(servers.Directory, "tls");
        var chain = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        chain.CustomTrustStore.Add(X509CertificateLoader.LoadCertificateFromFile(Path.Combine(keys, "ca.crt")));
        var certificate = X509Certificate2.CreateFromPemFile(Path.Combine(keys, "client.pem"));
        var options = Clients.Options(servers.SecureConnectString);
        options.HandshakeTimeout = TimeSpan.FromSeconds(5);
        options.Tls = new SslClientAuthenticationOptions { CertificateChainPolicy = chain, ClientCertificates = [certificate] };
        return options;
    }
}
