using System.Text;
using Grid.ZooKeeper.Wire;

namespace Grid.ZooKeeper.Watches;

/// <summary>
/// Tells a new connection which watches there are. The server answers at once with what happened to one-shot watches since the given
/// transaction; persistent ones it sets again in silence. Cut into pieces, because many watches exceed one request.
/// </summary>
internal static class SetWatchesFrames
{
    private const int PieceBytes = 128 * 1024;
    private static readonly WatchKind[] Kinds = [WatchKind.Data, WatchKind.Exist, WatchKind.Child, WatchKind.Persistent, WatchKind.Recursive];

    public static List<Frame> Build(WatchTable table, long sinceZxid, int frameBytesMax)
    {
        var paths = Kinds.SelectMany(kind => table.Paths(kind).Select(path => (Kind: kind, Path: path))).ToArray();
        List<Frame> frames = [];
        for (var start = 0; start < paths.Length;)
        {
            var end = EndOfPiece(paths, start, Math.Min(PieceBytes, frameBytesMax / 2));
            frames.Add(Piece(paths.AsSpan(start..end).ToArray(), sinceZxid, frameBytesMax));
            start = end;
        }

        return frames;
    }

    private static int EndOfPiece((WatchKind Kind, string Path)[] paths, int start, int pieceBytes)
    {
        var end = start;
        for (var bytes = 0; end < paths.Length && (end == start || bytes < pieceBytes); end++)
        {
            bytes += 4 + Encoding.UTF8.GetByteCount(paths[end].Path);
        }

        return end;
    }

    /// <summary>The older operation while it suffices: servers before 3.6 know no other.</summary>
    private static Frame Piece((WatchKind Kind, string Path)[] paths, long sinceZxid, int frameBytesMax)
    {
        var hasPersistent = paths.Any(path => path.Kind is WatchKind.Persistent or WatchKind.Recursive);
        var writer = JuteWriter.Request(hasPersistent ? OpCode.SetWatches2 : OpCode.SetWatches, frameBytesMax);
        writer.WriteLong(sinceZxid);
        foreach (var kind in hasPersistent ? Kinds : Kinds[..3])
        {
            writer.WriteStrings(paths.Where(path => path.Kind == kind).Select(path => path.Path).ToArray());
        }

        var frame = writer.Finish();
        frame.SetXid(Xid.SetWatches);
        return frame;
    }
}
