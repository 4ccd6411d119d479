using System.Runtime.CompilerServices;
using System.Text;

namespace Grid.Cli.Running;

/// <summary>
/// Standard output of a worker: what a job prints goes line by line to the job's logger, and with it to the caller if the caller wants log lines; what the process
/// itself prints goes out as before. A line of more than 4,096 characters is broken.
/// </summary>
internal sealed class JobConsole(TextWriter inner) : TextWriter
{
    private const int LineCharsMax = 4096;

    // What each job has printed of a line that is not finished. Gone with the job.
    private readonly ConditionalWeakTable<IJobContext, StringBuilder> _unfinished = [];

    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value) => Write([value]);

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    public override void Write(string? value) => Write(value.AsSpan());

    public override void Write(ReadOnlySpan<char> buffer)
    {
        if (JobContext.Current is not { } job)
        {
            inner.Write(buffer);
            return;
        }

        var line = _unfinished.GetOrCreateValue(job);
        lock (line)
        {
            foreach (var c in buffer)
            {
                if (c == '\n' || line.Length == LineCharsMax)
                {
                    Finish(job, line);
                }

                if (c is not '\n' and not '\r')
                {
                    line.Append(c);
                }
            }
        }
    }

    public override void WriteLine(string? value)
    {
        Write(value.AsSpan());
        Write([.. NewLine]);
    }

    public override void Flush()
    {
        if (JobContext.Current is { } job && _unfinished.TryGetValue(job, out var line))
        {
            lock (line)
            {
                if (line.Length > 0)
                {
                    Finish(job, line);
                }
            }
        }

        inner.Flush();
    }

    private static void Finish(IJobContext job, StringBuilder line)
    {
        CliLog.JobPrinted(job.Logger, line.ToString());
        line.Clear();
    }
}
