using System.Collections.Concurrent;
using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.WebUi.ViewModels;

namespace Capstan.WebUi.Transfers.Uploads;

/// <summary>How an upload ended.</summary>
/// <param name="Name">What it is called now.</param>
/// <param name="InTheWay">With <see cref="FsErrno.Exists"/>: what has the name.</param>
internal readonly record struct Placed(FsErrno Errno, string Result, FileName Name, InodeAttributes? InTheWay = null);

/// <summary>Lets a complete upload appear in the tree, as a whole, under the rule for names that are taken.</summary>
internal sealed class UploadPlacement(IFileSystemClient client)
{
    private const uint FilePermissions = 0x1A4; // 0644
    private const uint FolderPermissions = 0x1ED; // 0755
    private const int MaxCopies = 10_000;

    /// <summary>Folders that files of one bundle have asked for, all below the same one.</summary>
    private readonly ConcurrentDictionary<FilePath, Lazy<Task<FsResult<InodeId>>>> _folders = new();

    /// <param name="mayBeThere">An earlier attempt may have stored it: what is there with its size and time is it.</param>
    /// <param name="open">The bytes from their beginning. Called once: a second name is only tried when the first was seen to be taken beforehand.</param>
    public async Task<Placed> PlaceAsync(Caller caller, UploadPlan plan, ConflictRule rule, Func<Stream> open, bool mayBeThere, CancellationToken cancellation)
    {
        FilePath wanted = plan.IsFolder ? plan.Path : plan.Path.Parent;
        FsResult<InodeId> folder = await _folders.GetOrAdd(wanted, _ => new(() => MakeFoldersAsync(caller, plan.Folder, wanted, cancellation))).Value;
        if (!folder.IsOk)
            return new Placed(folder.Errno, "", plan.Path.Name);
        if (plan.IsFolder)
            return new Placed(FsErrno.Ok, "created", plan.Path.Name);
        FilePath at = Join(plan.Folder, plan.Path.Parent);
        FileName name = plan.Path.Name;
        if (mayBeThere && await FindEarlierAsync(caller, plan, rule, at, cancellation) is { } earlier)
            return earlier;
        if (rule == ConflictRule.Ask)
        {
            // Taken is the exception: whether it is need not be asked first.
            FsResult<InodeAttributes> created = await client.CreateFileWithContentAsync(caller, folder.Value, name, FilePermissions, open(), plan.Length, plan.MtimeNs, cancellation);
            if (created.Errno != FsErrno.Exists)
                return new Placed(created.Errno, "created", name);
            FsResult<ResolvedPath> taken = await client.ResolveAsync(caller, at.Append(name).Names, cancellation);
            return new Placed(FsErrno.Exists, "", name, taken.IsOk ? taken.Value.Attributes : null);
        }
        FsResult<ResolvedPath> there = await client.ResolveAsync(caller, at.Append(name).Names, cancellation);
        if (there.IsOk)
        {
            switch (rule)
            {
                case ConflictRule.Skip:
                    return new Placed(FsErrno.Ok, "skipped", name);
                case ConflictRule.Replace when there.Value.Attributes.Kind == FileKind.File:
                    // Refused when somebody else has replaced it in this moment: nobody has seen that version.
                    FsResult<InodeAttributes> written = await client.WriteContentAsync(caller, there.Value.Address, open(), plan.Length, there.Value.Attributes.Content, cancellation);
                    return new Placed(written.Errno, "replaced", name, there.Value.Attributes);
                case ConflictRule.KeepBoth:
                    FsResult<FileName> free = await FreeNameAsync(caller, at, name, cancellation);
                    if (!free.IsOk)
                        return new Placed(free.Errno, "", name);
                    name = free.Value;
                    break;
                default:
                    return new Placed(FsErrno.Exists, "", name, there.Value.Attributes);
            }
        }
        else if (there.Errno != FsErrno.NoEntry)
        {
            return new Placed(there.Errno, "", name);
        }
        FsResult<InodeAttributes> made = await client.CreateFileWithContentAsync(caller, folder.Value, name, FilePermissions, open(), plan.Length, plan.MtimeNs, cancellation);
        return new Placed(made.Errno, name == plan.Path.Name ? "created" : "kept-both", name);
    }

    private async Task<Placed?> FindEarlierAsync(Caller caller, UploadPlan plan, ConflictRule rule, FilePath at, CancellationToken cancellation)
    {
        bool isBeside = rule == ConflictRule.KeepBoth;
        FileName name = plan.Path.Name;
        for (int copy = 2; copy < MaxCopies; copy++)
        {
            if (isBeside && NameCopy.Of(plan.Path.Name, copy, out name) != FsErrno.Ok)
                return null;
            FsResult<ResolvedPath> there = await client.ResolveAsync(caller, at.Append(name).Names, cancellation);
            if (there is { IsOk: true, Value.Attributes: { Kind: FileKind.File } found } && found.Size == plan.Length && found.MtimeNs == plan.MtimeNs)
                return new Placed(FsErrno.Ok, isBeside ? "kept-both" : "created", name);
            if (!isBeside || !there.IsOk)
                return null;
        }
        return null;
    }

    /// <summary>"name (2).txt", as Windows and GNOME write it; the first that is free.</summary>
    private async Task<FsResult<FileName>> FreeNameAsync(Caller caller, FilePath folder, FileName name, CancellationToken cancellation)
    {
        for (int copy = 2; copy < MaxCopies; copy++)
        {
            FsErrno errno = NameCopy.Of(name, copy, out FileName candidate);
            if (errno != FsErrno.Ok)
                return errno;
            FsResult<ResolvedPath> there = await client.ResolveAsync(caller, folder.Append(candidate).Names, cancellation);
            if (there.Errno == FsErrno.NoEntry)
                return candidate;
            if (!there.IsOk)
                return there.Errno;
        }
        return FsErrno.Exists;
    }

    private async Task<FsResult<InodeId>> MakeFoldersAsync(Caller caller, FilePath folder, FilePath wanted, CancellationToken cancellation)
    {
        FsResult<ResolvedPath> at = await client.ResolveAsync(caller, folder.Names, cancellation);
        FilePath path = folder;
        foreach (FileName name in wanted.Names)
        {
            if (!at.IsOk)
                return at.Errno;
            path = path.Append(name);
            FsResult<ResolvedPath> next = await client.ResolveAsync(caller, path.Names, cancellation);
            if (next.Errno == FsErrno.NoEntry)
            {
                FsErrno made = (await client.MakeDirectory(caller, at.Value.Attributes.Ino, name, FolderPermissions).Completion.WaitAsync(cancellation)).Errno;
                if (made is not (FsErrno.Ok or FsErrno.Exists)) // Many files of one folder come at once: one of them makes it.
                    return made;
                next = await client.ResolveAsync(caller, path.Names, cancellation);
            }
            at = next;
        }
        return !at.IsOk ? at.Errno : at.Value.Attributes.IsDirectory ? at.Value.Attributes.Ino : FsErrno.NotDirectory;
    }

    private static FilePath Join(FilePath folder, FilePath below) => new([.. folder.Names, .. below.Names]);
}
