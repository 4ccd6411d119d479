using Grid.Communication.Tcp.Tests;
using Grid.Hosting.Tests.Configuration;

namespace Grid.Hosting.Tests.Nodes;

/// <summary>Nodes that listen where others reach them, and what they ask of each other.</summary>
[Trait("Lane", "loopback")]
public sealed class SecurityTests : IDisposable
{
    private const string Secret = "0123456789abcdef";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TestAuthority _authority = new();
    private readonly string _registry = Guid.NewGuid().ToString();

    public void Dispose() => _authority.Dispose();

    [Fact]
    public async Task Nodes_with_certificates_work_together_without_a_secret_at_any_address()
    {
        await using var first = await StartAsync(Certificates(_authority, "a"));
        await using var second = await StartAsync(Certificates(_authority, "b"));

        Assert.Equal(5, await CallAsync(first, second));
    }

    [Fact]
    public async Task With_certificates_and_secrets_both_have_to_fit()
    {
        await using var first = await StartAsync([.. Certificates(_authority, "a"), ("Security:ClusterSecret", Secret)]);
        await using var second = await StartAsync([.. Certificates(_authority, "b"), ("Security:ClusterSecret", Secret)]);
        await using var wrong = await StartAsync([.. Certificates(_authority, "c"), ("Security:ClusterSecret", "another secret, long enough")]);

        Assert.Equal(5, await CallAsync(first, second));
        var refusal = await Assert.ThrowsAnyAsync<GridException>(() => CallAsync(first, wrong));
        Assert.Contains("secret", refusal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_of_another_authority_is_refused_although_it_knows_the_secret()
    {
        using var other = new TestAuthority();
        await using var first = await StartAsync([.. Certificates(_authority, "a"), ("Security:ClusterSecret", Secret)]);
        await using var stranger = await StartAsync([.. Certificates(other, "b"), ("Security:ClusterSecret", Secret)]);

        var refusal = await Assert.ThrowsAnyAsync<GridException>(() => CallAsync(first, stranger));

        Assert.Contains("Security:TrustedRoot", refusal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_wrong_with_the_files_is_told_under_the_keys_that_the_user_wrote()
    {
        var exception = await Assert.ThrowsAsync<GridConfigurationException>(() => StartAsync(
            ("Node:Slots", "x"), ("Security:Certificate", "/nowhere/node.pem"), ("Security:TrustedRoot", "/nowhere/root.pem")));

        Assert.Equal(
            ["Grid:Node:Slots", "Grid:Security:TrustedRoot", "Grid:Security:Certificate"],
            exception.Problems.Select(problem => problem[..problem.IndexOf(": ", StringComparison.Ordinal)]));
    }

    [Theory]
    [InlineData("0.0.0.0:0")]
    [InlineData("[::]:0")]
    public async Task A_listener_that_others_reach_does_not_start_without_secret_and_certificates(string listen)
    {
        var exception = await Assert.ThrowsAsync<GridConfigurationException>(() => StartAsync(("Communication:Tcp:Listen", listen)));

        Assert.Contains("Grid:Security:ClusterSecret", Assert.Single(exception.Problems), StringComparison.Ordinal);
    }

    private static (string Key, string? Value)[] Certificates(TestAuthority authority, string name) =>
        [("Security:Certificate", authority.IssuePem(name)), ("Security:TrustedRoot", authority.RootFile), ("Communication:Tcp:Listen", "0.0.0.0:0")];

    /// <summary>Calls the other node once it is in the caller's view: a node has joined when it sees itself.</summary>
    private static async Task<int> CallAsync(IGrid from, IGrid to)
    {
        using var limit = new CancellationTokenSource(Patience);
        await foreach (var _ in from.Topology.ChangesAsync(0, limit.Token))
        {
            if (from.Topology.Current.Find(to.LocalNode.Id) is not null)
            {
                break;
            }
        }

        return await from.Where(NodeSelector.ById(to.LocalNode.Id)).With(new JobOptions { MaxAttempts = 1, Timeout = Patience }).CallAsync(() => 2 + 3).WaitAsync(Patience);
    }

    private Task<IGrid> StartAsync(params (string Key, string? Value)[] changes) =>
        GridNode.StartAsync(Settings.Create([("Discovery:InMemory:Registry", _registry), .. changes])).WaitAsync(Patience);
}
