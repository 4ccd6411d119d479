namespace Grid.Messaging;

/// <summary>Collects what one thread sends; see <see cref="Messenger.OpenBatch"/>.</summary>
public ref struct SendBatch : IDisposable
{
    /// <summary>Sends what was collected.</summary>
    public void Dispose() => throw new NotImplementedException();
}
