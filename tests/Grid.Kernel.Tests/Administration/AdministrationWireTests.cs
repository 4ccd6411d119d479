using System.Text;
using System.Text.Json;
using Grid.Kernel.Administration;

namespace Grid.Kernel.Tests.Administration;

[Trait("Lane", "pure")]
public sealed class AdministrationWireTests
{
    private static readonly JobId Job = new(new NodeId(new UInt128(1, 2)), 17);

    [Fact]
    public void A_cancel_request_is_read_as_it_was_written()
    {
        var request = new CancelRequest(Job, "bob@host");

        Assert.True(CancelRequest.TryRead(request.ToBytes(), out var read));
        Assert.Equal(request, read);
        Assert.True(CancelRequest.TryRead((request with { By = new string('x', 5000) }).ToBytes(), out var cut));
        Assert.Equal(256, cut.By.Length);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(23)]
    [InlineData(10_000)]
    public void A_cancel_request_of_another_size_is_refused(int bytes) => Assert.False(CancelRequest.TryRead(new byte[bytes], out _));

    [Fact]
    public void A_report_is_read_as_it_was_written()
    {
        var job = new JobReport { Id = Job, Attempt = 2, Name = "ü", Submitter = "alice", Status = JobStatus.Running, Age = TimeSpan.FromSeconds(1.5) };
        var report = new NodeReport { GridVersion = "1.2.3", Protocol = new ProtocolRange(1, 4), Slots = 8, Clock = DateTimeOffset.UnixEpoch, Jobs = [job], JobCount = 9 };

        var read = JsonSerializer.Deserialize(JsonSerializer.Serialize(report, ReportJson.Default.NodeReport), ReportJson.Default.NodeReport)!;

        Assert.Equal(job, Assert.Single(read.Jobs));
        Assert.Equal(report, read with { Jobs = report.Jobs });
    }

    [Fact]
    public void A_report_of_a_newer_node_is_read_without_what_is_unknown()
    {
        var json = """{"gridVersion":"9.0.0","novelty":[1,{"a":2}],"slots":3,"jobs":[]}""";

        var read = JsonSerializer.Deserialize(Encoding.UTF8.GetBytes(json), ReportJson.Default.NodeReport)!;

        Assert.Equal(("9.0.0", 3), (read.GridVersion, read.Slots));
    }
}
