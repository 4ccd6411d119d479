namespace Grid.Checkpoint.FileSystem;

/// <summary>One of the subfolders that entries are spread over, with the lock that all processes respect. Made for each use.</summary>
internal sealed class EntryFolder(string root, string name, FileSystemCheckpointOptions options, TimeProvider time)
{
    private static readonly TimeSpan LockStep = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan UnfinishedKept = TimeSpan.FromHours(1);

    private string Folder => Path.Combine(root, name);

    /// <summary>The file of an entry in this folder.</summary>
    public string PathOf(string entry) => Path.Combine(Folder, entry + EntryFile.Extension);

    /// <summary>Makes the folder and takes its lock; disposing the result gives it back, and so does the end of the process.</summary>
    /// <exception cref="CheckpointException">Others have held it for too long.</exception>
    public async Task<IDisposable> LockAsync(CancellationToken ct)
    {
        Directory.CreateDirectory(Folder);
        var path = Path.Combine(Folder, "lock");
        var start = time.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            }
            catch (IOException exception) when (exception is not (DirectoryNotFoundException or PathTooLongException))
            {
                if (time.GetElapsedTime(start) >= options.LockWait)
                {
                    throw new CheckpointException(
                        $"The lock {path} could not be taken within {options.LockWait}: {exception.Message} Another process uses the folder, or its file system has no locks.", isTransient: true, exception);
                }
            }

            await Task.Delay(LockStep, time, ct).ConfigureAwait(false);
        }
    }

    /// <summary>Makes sure that there is room for one more entry, dropping what has outlived its time.</summary>
    /// <exception cref="CheckpointException">The folder is full.</exception>
    public void MakeRoom()
    {
        var most = options.EntriesMax / FileSystemCheckpoints.Folders;
        if (Count() < most)
        {
            return;
        }

        Sweep();
        if (Count() >= most)
        {
            throw new CheckpointException($"{Folder} holds {most} checkpoints, the share of a subfolder of EntriesMax = {options.EntriesMax}. Remove some, save them for less time, or raise EntriesMax.", isTransient: true);
        }
    }

    /// <summary>Drops entries that have outlived their time, files that are none, and files that a crash left unfinished.</summary>
    public void Sweep()
    {
        var now = time.GetUtcNow();
        foreach (var path in Directory.EnumerateFiles(Folder, "*" + EntryFile.Extension))
        {
            if (EntryFile.ReadDueAt(path) is not { } dueAt || dueAt <= now)
            {
                File.Delete(path);
            }
        }

        foreach (var path in Directory.EnumerateFiles(Folder, "*" + EntryFile.UnfinishedExtension))
        {
            if (File.GetLastWriteTimeUtc(path) <= now.UtcDateTime - UnfinishedKept)
            {
                File.Delete(path);
            }
        }
    }

    private int Count() => Directory.EnumerateFiles(Folder, "*" + EntryFile.Extension).Count();
}
