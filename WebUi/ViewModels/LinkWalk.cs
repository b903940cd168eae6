using Capstan.ClientGateway;
using Capstan.Shared;

namespace Capstan.WebUi.ViewModels;

/// <summary>
/// Follows a path through symbolic links, at its end and on its way, as path_resolution(7) has it: a target is walked from the directory of its link, '/' at its start is our root,
/// and '..' leaves the directory that was really reached. One that climbs above the root leads out of the tree.
/// </summary>
public sealed class LinkWalk(IFileSystemClient client, Caller caller)
{
    /// <summary>Links that one path may lead through, as in Linux.</summary>
    public const int MaxLinks = 40;

    private static readonly byte[] Up = [(byte)'.', (byte)'.'];

    /// <summary>
    /// Where <paramref name="path"/> really leads: a path without links, and what is there. <see cref="FsErrno.NotSupported"/>: out of the tree;
    /// <see cref="FsErrno.TooManySymlinks"/>: in a circle, or through more than <see cref="MaxLinks"/>.
    /// </summary>
    public async Task<FsResult<(FilePath Path, ResolvedPath Found)>> FollowAsync(FilePath path, CancellationToken cancellation = default)
    {
        Stack<byte[]> rest = new(path.Names.Reverse().Select(n => n.Span.ToArray()));
        HashSet<string> passed = [];
        FilePath reached = FilePath.Root;
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            if (rest.TryPeek(out byte[]? next) && next.AsSpan().SequenceEqual(Up))
            {
                rest.Pop();
                if (reached.IsRoot)
                    return FsErrno.NotSupported;
                reached = reached.Parent;
                continue;
            }

            FsResult<int> stretch = TakeNames(rest, ref reached);
            if (!stretch.IsOk)
                return stretch.Errno;
            FsResult<(int Depth, ResolvedPath Found)> met = await MeetAsync(reached, stretch.Value, cancellation);
            if (!met.IsOk)
                return met.Errno;
            (int depth, ResolvedPath found) = met.Value;
            if (found.Attributes.Kind != FileKind.Symlink)
            {
                if (rest.Count == 0)
                    return (reached, found);
                if (!found.Attributes.IsDirectory)
                    return FsErrno.NotDirectory;
                continue;
            }

            foreach (FileName name in reached.Names.Skip(depth).Reverse())
                rest.Push(name.Span.ToArray());
            reached = reached.Ancestor(depth - 1);
            // The same link with the same way to go leads here again.
            if (passed.Count >= MaxLinks || !passed.Add($"{found.Attributes.Ino} {string.Join('/', rest.Select(Convert.ToHexString))}"))
                return FsErrno.TooManySymlinks;
            FsResult<byte[]> target = await client.ReadLinkAsync(caller, found.Address, cancellation);
            if (!target.IsOk)
                return target.Errno;
            if (target.Value is not [var first, ..])
                return FsErrno.NoEntry;
            if (first == '/')
                reached = FilePath.Root;
            PushTarget(rest, target.Value);
        }
    }

    private static void PushTarget(Stack<byte[]> rest, byte[] target)
    {
        List<byte[]> parts = [];
        foreach (Range part in target.AsSpan().Split((byte)'/'))
            if (target[part] is { Length: > 0 } name && name is not [(byte)'.'])
                parts.Add(name);
        for (int i = parts.Count - 1; i >= 0; i--)
            rest.Push(parts[i]);
    }

    /// <summary>Takes names up to the next '..': they can be asked for together. Returns how many.</summary>
    private static FsResult<int> TakeNames(Stack<byte[]> rest, ref FilePath reached)
    {
        List<FileName> names = [.. reached.Names];
        int taken = 0;
        for (; rest.TryPeek(out byte[]? next) && !next.AsSpan().SequenceEqual(Up); taken++)
        {
            if (FileName.TryCreate(rest.Pop(), out FileName name) is var errno and not FsErrno.Ok)
                return errno;
            names.Add(name);
        }
        reached = new FilePath(names);
        return taken;
    }

    /// <summary>What is at the path, or the first of its last <paramref name="taken"/> names that is a link: with its depth.</summary>
    private async Task<FsResult<(int Depth, ResolvedPath Found)>> MeetAsync(FilePath path, int taken, CancellationToken cancellation)
    {
        FsResult<ResolvedPath> found = await client.ResolveAsync(caller, path.Names, cancellation);
        if (found.IsOk)
            return (path.Names.Count, found.Value);
        for (int depth = path.Names.Count - taken + 1; found.Errno == FsErrno.NotDirectory && depth < path.Names.Count; depth++)
        {
            FsResult<ResolvedPath> on = await client.ResolveAsync(caller, path.Ancestor(depth).Names, cancellation);
            if (!on.IsOk)
                return on.Errno;
            if (on.Value.Attributes.Kind == FileKind.Symlink)
                return (depth, on.Value);
        }
        return found.Errno;
    }
}
