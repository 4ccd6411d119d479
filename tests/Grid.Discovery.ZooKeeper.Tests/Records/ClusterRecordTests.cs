using Grid.Discovery.ZooKeeper.Records;

namespace Grid.Discovery.ZooKeeper.Tests.Records;

public sealed class ClusterRecordTests
{
    [Fact]
    public void The_record_of_a_cluster_survives_the_round_trip_and_another_layout_is_named()
    {
        var id = new ClusterId(UInt128.MaxValue - 5);
        var data = ClusterRecord.Encode(id);

        Assert.Equal(id, ClusterRecord.Decode([.. data, 9]));
        data[2] = 2;
        Assert.Contains("version 2", Assert.Throws<RecordFormatException>(() => ClusterRecord.Decode(data)).Message, StringComparison.Ordinal);
    }
}
