using Grid.Kernel.Compute.Wire;
using Grid.Messaging;
using Microsoft.Extensions.Logging;

namespace Grid.Kernel.Tests.Compute;

[Trait("Lane", "pure")]
public sealed class AdmissionTermsTests
{
    private static readonly JobOptions Full = new()
    {
        Name = "nightly",
        Priority = -7,
        Pool = "batch 日本",
        Tenant = new string('t', 64),
        Resources = ResourceAmounts.Of(("gpu", 2), ("license.x", ResourceAmounts.AmountMax)),
        LogToCaller = LogLevel.Warning,
    };

    [Fact]
    public void Terms_are_read_back_from_before_the_name()
    {
        var bytes = Encode([1, 2, 3], Full);

        Assert.True(JobTrailer.TryRead(bytes, out var read, out var size));
        Assert.Equal(JobTrailer.For(Full), read);
        Assert.Equal(new AdmissionTerms(-7, "batch 日本", Full.Tenant!, Full.Resources), read.Terms);
        Assert.Equal(3, bytes.Length - size);
    }

    [Fact]
    public void A_job_that_says_nothing_has_no_trailer_and_one_with_a_name_pays_nothing_for_terms()
    {
        Assert.False(JobTrailer.IsNeeded(JobOptions.Default));
        Assert.Equal(3 + 7, Encode([], new JobOptions { Name = "nightly" }).Length);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(16)]
    public void The_largest_terms_fit(int resources)
    {
        var options = Full with
        {
            Pool = new string('界', 64),
            Tenant = new string('界', 64),
            Resources = ResourceAmounts.From(Enumerable.Range(0, resources).Select(i => KeyValuePair.Create($"{i:00}{new string('r', 62)}", 1))),
        };

        Assert.True(JobTrailer.TryRead(Encode([], options), out var read, out _));
        Assert.Equal(options.Resources, read.Terms.Resources);
        Assert.Equal(options.Pool, read.Terms.Pool);
    }

    [Fact]
    public void Changed_bytes_are_refused_or_give_terms_within_their_limits()
    {
        var random = new Random(5);
        var (taken, refused) = (0, 0);
        for (var round = 0; round < 50_000; round++)
        {
            var bytes = Encode(new byte[random.Next(4)], Full with { Priority = random.Next(-1000, 1001) });
            for (var changes = random.Next(1, 4); changes > 0; changes--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            if (!JobTrailer.TryRead(bytes, out var read, out var size))
            {
                refused++;
                continue;
            }

            taken++;
            Assert.InRange(size, 3, bytes.Length);
            Assert.InRange(read.Terms.Priority, JobOptions.PriorityMin, JobOptions.PriorityMax);
            Assert.InRange(read.Terms.Tenant.Length, 0, JobOptions.ShareNameCharsMax);
            Assert.All(read.Terms.Resources.Items, item => Assert.InRange(item.Value, 1, ResourceAmounts.AmountMax));
        }

        Assert.True(taken > 100 && refused > 100, $"{taken} taken, {refused} refused");
    }

    private static byte[] Encode(byte[] argument, JobOptions options)
    {
        using var buffer = new MessageBuffer();
        argument.CopyTo(buffer.GetSpan(argument.Length));
        buffer.Advance(argument.Length);
        JobTrailer.For(options).Write(buffer);
        return buffer.WrittenSpan.ToArray();
    }
}
