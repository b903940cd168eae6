namespace Capstan.Shared.Messages;

/// <summary>One request's body. Names are checked before such a record is made.</summary>
public abstract record FsOperation
{
    /// <summary>Whether it can change the tree, so that its outcome is remembered under its tid.</summary>
    public virtual bool IsMutation => true;
}

/// <summary>Walks <see cref="Names"/> from <see cref="Dir"/>. The reply has the attributes of each name found; errno tells why it stopped early.</summary>
public sealed record LookupOperation(InodeId Dir, IReadOnlyList<FileName> Names, CapBits Want) : FsOperation
{
    public override bool IsMutation => false;
}

public sealed record GetAttrOperation(InodeAddress Target) : FsOperation
{
    public override bool IsMutation => false;
}

public sealed record SetAttrOperation(InodeAddress Target) : FsOperation
{
    /// <summary>Permission bits only.</summary>
    public uint? Mode { get; init; }

    public uint? Uid { get; init; }

    public uint? Gid { get; init; }

    /// <summary>Truncates or extends with zeros.</summary>
    public long? Size { get; init; }

    public long? MtimeNs { get; init; }

    public long? AtimeNs { get; init; }
}

/// <summary>Streams pages until <see cref="Credits"/> or the directory end; then a Reply. More credits may be sent meanwhile.</summary>
public sealed record ReaddirOperation(InodeId Dir) : FsOperation
{
    /// <summary>Cookie: continue after this name; empty is the start. Ignored when <see cref="Rank"/> is set.</summary>
    public FileName After { get; init; }

    /// <summary>Start with the entry of this rank (0 is the first).</summary>
    public long? Rank { get; init; }

    /// <summary>Pages that may be sent without another word. 0: attributes and caps only.</summary>
    public int Credits { get; init; } = 1;

    /// <summary>Somebody waits for so many of the first pages. Those after them are read ahead: they yield to what is waited for, here or elsewhere.</summary>
    public int Waited { get; init; }

    public CapBits Want { get; init; }

    /// <summary>Send no page when the directory still has this version.</summary>
    public DirectoryVersion? IfVersion { get; init; }

    public override bool IsMutation => false;
}

public sealed record CreateOperation(InodeId Dir, FileName Name, uint Mode, bool Exclusive) : FsOperation;

public sealed record MkdirOperation(InodeId Dir, FileName Name, uint Mode) : FsOperation;

public sealed record SymlinkOperation(InodeId Dir, FileName Name, byte[] Target) : FsOperation;

public sealed record LinkOperation(InodeAddress Source, InodeId Dir, FileName Name) : FsOperation;

/// <summary><see cref="Ino"/> none: whatever is there.</summary>
public sealed record UnlinkOperation(InodeId Dir, FileName Name, InodeId Ino) : FsOperation;

/// <summary>An unlink that keeps what it takes away: it goes to the trash, a directory with all that is in it.</summary>
public sealed record TrashOperation(InodeId Dir, FileName Name, InodeId Ino) : FsOperation;

/// <summary>Out of the trash, to a name that must be free.</summary>
public sealed record RestoreOperation(TrashId Id, InodeId Dir, FileName Name) : FsOperation;

/// <summary>Removes one entry of the trash for good; of a directory the rest follows behind the reply.</summary>
public sealed record PurgeOperation(TrashId Id) : FsOperation;

/// <summary>Removes for good what the caller (or with <see cref="Everybody"/> anybody) had put into the trash before a moment; it is out of sight at once, and gone behind the reply.</summary>
public sealed record PurgeTrashOperation(long BeforeNs, bool Everybody) : FsOperation;

/// <summary>The caller's entries, or everybody's, newest first for each owner; with <see cref="After"/> those that follow it.</summary>
public sealed record ListTrashOperation(TrashId? After, int Count, bool Everybody) : FsOperation
{
    /// <summary>Entries in one reply, at most.</summary>
    public const int MaxCount = 500;

    public override bool IsMutation => false;
}

public sealed record RmdirOperation(InodeId Dir, FileName Name, InodeId Ino) : FsOperation;

public sealed record RenameOperation(InodeAddress Source, InodeId Dir, FileName Name, bool NoReplace) : FsOperation;

public sealed record ReadlinkOperation(InodeAddress Target) : FsOperation
{
    public override bool IsMutation => false;
}

public sealed record GetXattrOperation(InodeAddress Target, byte[] Name) : FsOperation
{
    public override bool IsMutation => false;
}

public enum XattrMode
{
    Either = 0,
    Create = 1,
    Replace = 2,
}

public sealed record SetXattrOperation(InodeAddress Target, byte[] Name, byte[] Value, XattrMode Mode) : FsOperation;

public sealed record ListXattrOperation(InodeAddress Target) : FsOperation
{
    public override bool IsMutation => false;
}

public sealed record RemoveXattrOperation(InodeAddress Target, byte[] Name) : FsOperation;

public sealed record StatFsOperation : FsOperation
{
    public override bool IsMutation => false;
}

/// <summary>Answered when every other strict holder of <see cref="Dir"/> has acked all that it had been told when this arrived.</summary>
public sealed record SettleOperation(InodeId Dir) : FsOperation
{
    public override bool IsMutation => false;
}

/// <summary>A request that broke the rules of its fields on the way in: it is answered with <see cref="Errno"/>, and nothing else is done.</summary>
public sealed record MalformedOperation(FsErrno Errno) : FsOperation
{
    public override bool IsMutation => false;
}
