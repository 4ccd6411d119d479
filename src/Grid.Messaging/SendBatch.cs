using Grid.Messaging.Links;

namespace Grid.Messaging;

/// <summary>Collects what one thread sends; see <see cref="Messenger.OpenBatch"/>.</summary>
public ref struct SendBatch : IDisposable
{
    private bool _isOpen;

    internal SendBatch(bool isOpen) => _isOpen = isOpen;

    /// <summary>Sends what was collected.</summary>
    public void Dispose()
    {
        if (_isOpen)
        {
            _isOpen = false;
            BatchOfThread.Close();
        }
    }
}
