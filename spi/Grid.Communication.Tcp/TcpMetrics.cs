using System.Diagnostics.Metrics;

namespace Grid.Communication.Tcp;

/// <summary>The metrics of one provider, or nothing when there is no factory.</summary>
internal sealed class TcpMetrics
{
    private readonly Counter<long>? _refused;

    public TcpMetrics(IMeterFactory? factory)
    {
        var meter = factory?.Create(new MeterOptions("Grid.Communication.Tcp"));
        _refused = meter?.CreateCounter<long>("grid.communication.refused", "{connection}", "Incoming connections closed before they became a pipe, by reason");
    }

    public void Refused(string reason) => _refused?.Add(1, new KeyValuePair<string, object?>("reason", reason));
}
