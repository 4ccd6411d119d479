using System.Buffers;
using System.Runtime.CompilerServices;

namespace Grid.Samples.WordCount;

/// <summary>The text files to count, read as a stream of chunks that end between words: at no time is more than a chunk in memory here.</summary>
internal sealed class InputText
{
    /// <summary>A run of letters longer than this is no word of any language.</summary>
    public const int WordBytesMax = 1 << 16;

    private const int ProbeBytes = 8192;

    private static readonly SearchValues<byte> Letters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    private InputText(IReadOnlyList<string> files, int binaryFiles) => (Files, BinaryFilesSkipped) = (files, binaryFiles);

    public IReadOnlyList<string> Files { get; }

    /// <summary>Files found in folders and left out because they hold a zero byte.</summary>
    public int BinaryFilesSkipped { get; }

    public long Bytes => Files.Sum(file => new FileInfo(file).Length);

    /// <summary>Finds the files: a folder stands for all text files under it, hidden ones left out, in the order of their names.</summary>
    /// <exception cref="InputException">A path does not exist, a named file is not text, or nothing is left to count.</exception>
    public static InputText Find(IEnumerable<string> paths)
    {
        var files = new List<string>();
        var binaryFiles = 0;
        foreach (var path in paths)
        {
            if (Directory.Exists(path))
            {
                var found = FilesUnder(path);
                var texts = found.Where(IsText).ToList();
                binaryFiles += found.Count - texts.Count;
                files.AddRange(texts.Count > 0 ? texts : throw new InputException($"The folder '{path}' holds no text file ({found.Count} files seen). Name a folder with texts, or a file."));
            }
            else
            {
                files.Add(TextFile(path));
            }
        }

        return new InputText(files, binaryFiles);
    }

    /// <summary>All files, one after the other, cut into chunks of about the size given; a word never spans two chunks or two files.</summary>
    public async IAsyncEnumerable<byte[]> ReadChunksAsync(int chunkBytes, [EnumeratorCancellation] CancellationToken ct = default)
    {
        foreach (var path in Files)
        {
            await using var file = Open(path);
            var buffer = new byte[chunkBytes + WordBytesMax];
            var kept = 0;
            while (true)
            {
                var read = await file.ReadAtLeastAsync(buffer.AsMemory(kept, chunkBytes), chunkBytes, throwOnEndOfStream: false, ct);
                var filled = kept + read;
                var cut = read < chunkBytes ? filled : LastBoundary(path, buffer.AsSpan(0, filled));
                if (cut > 0)
                {
                    yield return buffer[..cut];
                }

                if (read < chunkBytes)
                {
                    break;
                }

                kept = filled - cut;
                buffer.AsSpan(cut, kept).CopyTo(buffer);
            }
        }
    }

    /// <summary>The end of the last byte that is not a letter: what follows may be the beginning of a word.</summary>
    private static int LastBoundary(string path, ReadOnlySpan<byte> text)
    {
        var cut = text.LastIndexOfAnyExcept(Letters) + 1;
        return text.Length - cut <= WordBytesMax
            ? cut
            : throw new InputException($"'{path}' holds a run of more than {WordBytesMax} letters, which is no word: is it a text?");
    }

    private static List<string> FilesUnder(string folder)
    {
        var visible = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.Hidden | FileAttributes.System, IgnoreInaccessible = true };
        return [.. Directory.EnumerateFiles(folder, "*", visible).Order(StringComparer.Ordinal)];
    }

    private static string TextFile(string path)
    {
        if (!File.Exists(path))
        {
            throw new InputException($"There is no file or folder '{path}' (looked in {Directory.GetCurrentDirectory()}).");
        }

        return IsText(path) ? path : throw new InputException($"'{path}' is not a text: it holds zero bytes. Unpack or convert it first.");
    }

    private static bool IsText(string path)
    {
        using var file = Open(path);
        Span<byte> probe = stackalloc byte[ProbeBytes];
        return !probe[..file.ReadAtLeast(probe, ProbeBytes, throwOnEndOfStream: false)].Contains((byte)0);
    }

    private static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"'{path}' cannot be read: {exception.Message}", exception);
        }
    }
}
