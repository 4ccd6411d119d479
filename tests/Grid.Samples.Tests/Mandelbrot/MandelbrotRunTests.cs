namespace Grid.Samples.Tests.Mandelbrot;

[Trait("Lane", "loopback")]
public sealed class MandelbrotRunTests
{
    [Fact]
    public async Task Two_nodes_render_the_picture_and_the_map_of_who_computed_what()
    {
        using var folder = new TemporaryFolder();
        var picture = Path.Combine(folder.Path, "m.png");

        var run = await SampleRun.OfSampleAsync("Mandelbrot", "--nodes", "2", "--width", "256", "--height", "192", "--output", picture);

        Assert.True(run.ExitCode == 0, run.Output + run.Errors);
        Assert.Contains("12 tiles", run.Output, StringComparison.Ordinal);
        Assert.Equal(2, run.Output.Split('\n').Count(line => line.EndsWith(" tiles", StringComparison.Ordinal)));
        var pictures = new[] { picture, Path.ChangeExtension(picture, ".nodes.png") }.Select(File.ReadAllBytes).ToList();
        Assert.All(pictures, png => Assert.Equal<byte>([0x89, 0x50, 0x4E, 0x47], png[..4]));
        Assert.NotEqual(pictures[0], pictures[1]);
    }
}
