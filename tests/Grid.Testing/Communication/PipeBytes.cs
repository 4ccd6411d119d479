using System.Buffers;
using System.IO.Pipelines;
using Xunit;

namespace Grid.Testing.Communication;

/// <summary>Moves bytes through pipes for the conformance suite.</summary>
internal static class PipeBytes
{
    // Writes until a flush is pending and awaits that one.
    public static async Task<Thread> FillAsync(PipeWriter output)
    {
        var block = new byte[64 * 1024];
        for (var written = (long)block.Length; written < 1L << 30; written += block.Length)
        {
            var flush = output.WriteAsync(block);
            var isPending = !flush.IsCompleted;
            await flush.ConfigureAwait(false);
            if (isPending)
            {
                return Thread.CurrentThread;
            }
        }

        throw new InvalidOperationException("1 GiB was taken although nobody reads: the provider buffers without a bound.");
    }

    public static async Task TransferAsync(PipeWriter output, PipeReader input, int seed)
    {
        var bytes = new byte[3 * 1024 * 1024 + 17];
        var random = new Random(seed);
        random.NextBytes(bytes);
        var writing = Task.Run(async () =>
        {
            for (var sent = 0; sent < bytes.Length;)
            {
                var count = Math.Min(random.Next(1, 200_000), bytes.Length - sent);
                var buffered = random.Next(0, Math.Min(count, 10_000));
                output.Write(bytes.AsSpan(sent, buffered));
                await output.WriteAsync(bytes.AsMemory(sent + buffered, count - buffered));
                sent += count;
            }
        });
        Assert.Equal(bytes, await ReadExactlyAsync(input, bytes.Length));
        await writing;
    }

    public static async Task<byte[]> ReadExactlyAsync(PipeReader input, int count)
    {
        var bytes = new byte[count];
        for (var received = 0; received < count;)
        {
            var result = await input.ReadAsync().AsTask().WaitAsync(CommunicationConformance.Guard);
            var taken = result.Buffer.Slice(0, Math.Min(result.Buffer.Length, count - received));
            taken.CopyTo(bytes.AsSpan(received));
            received += (int)taken.Length;
            input.AdvanceTo(taken.End);
            Assert.True(received == count || !result.IsCompleted, $"The pipe ended after {received} of {count} bytes.");
        }

        return bytes;
    }

    public static async Task DrainAsync(PipeReader input, long count)
    {
        for (var received = 0L; received < count;)
        {
            var result = await input.ReadAsync();
            received += result.Buffer.Length;
            input.AdvanceTo(result.Buffer.End);
        }
    }

    // A peer that aborted may show as an end or as an error: both are noticing.
    public static async Task<(byte[] Bytes, CommunicationException? Error)> ReadToEndAsync(PipeReader input)
    {
        var bytes = new List<byte>();
        try
        {
            while (true)
            {
                var result = await input.ReadAsync();
                bytes.AddRange(result.Buffer.ToArray());
                input.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted)
                {
                    return ([.. bytes], null);
                }
            }
        }
        catch (CommunicationException error)
        {
            return ([.. bytes], error);
        }
    }
}
