using System.Globalization;

namespace Grid.Communication.Tcp;

/// <summary>The settings of <see cref="TcpCommunication"/>.</summary>
public sealed class TcpCommunicationOptions
{
    /// <summary>
    /// Where to listen. Default <c>127.0.0.1:47100</c>. Port 0 lets the system choose. A host name listens at its first address; <c>0.0.0.0</c> or <c>::</c> at every
    /// address of the machine.
    /// </summary>
    public NodeEndpoint Listen { get; init; } = new("127.0.0.1", 47100);

    /// <summary>
    /// The address that other nodes are told, when it differs from where the node listens (address translation, containers). Default
    /// <see langword="null"/>: what is listened at. Port 0 stands for the port listened at.
    /// </summary>
    public NodeEndpoint? Advertise { get; init; }

    /// <summary>Whether listening anywhere but on loopback is refused, whatever <see cref="Listen"/> turns out to be. Default <see langword="false"/>; Grid sets it for a node without secret and certificates.</summary>
    public bool IsLoopbackOnly { get; init; }

    /// <summary>Certificates for both ends of every connection. Default <see langword="null"/>: connections are plain.</summary>
    public TlsOptions? Tls { get; init; }

    /// <summary>
    /// How long a reader that ran out of bytes looks for more before it sleeps. Default 50 µs; 0 to 1 ms. A thread that sleeps takes five to ten times as long
    /// to answer; looking costs processor time, so at most half of the processors do it at once, and a reader that looks in vain does it less.
    /// </summary>
    public TimeSpan Spin { get; init; } = TimeSpan.FromMicroseconds(50);

    /// <summary>Size of the receive buffer of each pipe. Default 128 KiB; 4 KiB to 16 MiB. Larger buffers save system calls in large transfers.</summary>
    public int ReceiveBufferBytes { get; init; } = 128 * 1024;

    /// <summary>How far a receive buffer grows for a consumer that asks for more without consuming. Default 16 MiB; at least <see cref="ReceiveBufferBytes"/>, at most 1 GiB. Beyond it the read fails.</summary>
    public int ReceiveBufferBytesMax { get; init; } = 16 * 1024 * 1024;

    /// <summary>How many pipes may be open. Default 4,096; 1 to 65,536. Each has a thread. Beyond it connecting fails and accepted pipes are closed at once.</summary>
    public int PipesMax { get; init; } = 4096;

    /// <summary>How many pipes the system holds for a listener that is busy. Default 512; 1 to 65,535.</summary>
    public int Backlog { get; init; } = 512;

    /// <summary>Lists what cannot be used, each entry naming the option and what it accepts; empty when all is well.</summary>
    public IReadOnlyList<string> Validate()
    {
        var problems = new List<string>();
        Check(problems, nameof(Spin), Spin, TimeSpan.Zero, TimeSpan.FromMilliseconds(1));
        Check(problems, nameof(ReceiveBufferBytes), ReceiveBufferBytes, 4096, 16 * 1024 * 1024);
        Check(problems, nameof(ReceiveBufferBytesMax), ReceiveBufferBytesMax, ReceiveBufferBytes, 1024 * 1024 * 1024);
        Check(problems, nameof(PipesMax), PipesMax, 1, 65_536);
        Check(problems, nameof(Backlog), Backlog, 1, 65_535);
        return problems;
    }

    private static void Check<T>(List<string> problems, string name, T value, T least, T most)
        where T : IComparable<T>
    {
        if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
        {
            problems.Add(string.Create(CultureInfo.InvariantCulture, $"{name} is {value}; accepted is {least} to {most}."));
        }
    }
}
