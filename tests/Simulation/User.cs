using Capstan.ClientGateway;
using Capstan.ClientGateway.Directories;
using Capstan.ClientGateway.Operations;
using Capstan.Shared;
using Capstan.Shared.Messages;

namespace Capstan.Simulation;

/// <summary>Somebody at one gateway who does this and that, on what the gateway shows, as the schedule's profile says.</summary>
internal sealed partial class User(World world, SimulatedGateway gateway, Ledger ledger, Reader reader, Profile profile, int number)
{
    private static readonly FileName[] AllNames = [.. "abcdefghijklmnopqrstuvwxyz012345".Select(c => FileName.Create(c.ToString()))];
    private static readonly Caller Stranger = new(1000, 1000, []);

    private readonly FileName[] _names = NamesOf(profile);
    private bool _isFilling = true;

    public static FileName[] NamesOf(Profile profile) => AllNames[..profile.Names];

    private GatewayCore Core => gateway.Core;

    private FileName Home => _names[number % _names.Length];

    private FileName AnyName => _names[world.Random.Next(_names.Length)];

    /// <summary>A round begins: what was looked at for the comparison is given back, so that one's own may be held exclusively.</summary>
    public void BeginRound() => gateway.Run(() =>
    {
        if (Core.Directories.Directories.Count > 0 && profile.Workload != Workload.Contended && world.Chance(0.9))
            Core.ReleaseDownTo(0);
        DirectoryState root = Core.Directories.GetOrAdd(InodeId.Root);
        Demand(root);
        if (profile.Workload is not Workload.Contended && Core.Entries.Find(root, Home) is null)
            Add(OperationKind.Mkdir, new MkdirOperation(InodeId.Root, Home, 0x1ED), InodeId.Root, Home);
    });

    public void ActOnce() => gateway.Run(Act);

    public void List(InodeId dir) => gateway.Run(() => Demand(Core.Directories.GetOrAdd(dir)));

    /// <summary>A reader goes on when what it waited for has come.</summary>
    public void Continue()
    {
        if (reader.HasNews)
            gateway.Run(reader.Continue);
    }

    private void Act()
    {
        if (Core.Session.State != SessionState.Open && world.Chance(0.9))
            return;
        InodeId dir = AnyDirectory();
        DirectoryState? directory = Core.Directories.Find(dir);
        bool isAtHome = dir == HomeNow();
        if (directory is null || (!Core.Directories.IsFresh(directory) && world.Chance(0.7)))
        {
            Demand(Core.Directories.GetOrAdd(dir));
            return;
        }
        if (isAtHome && profile.Workload is Workload.Private or Workload.Bulk or Workload.Calm && world.Chance(0.85))
        {
            FillOrEmpty(directory);
            return;
        }
        if (profile.Workload == Workload.Watched && number != 1 && world.Chance(0.8))
        {
            if (world.Chance(0.6))
                Walk(AnyName);
            else
                Demand(directory);
            return;
        }
        Anything(directory);
    }

    /// <summary>Until it is full, then until it is empty: by one name or by all that are left.</summary>
    private void FillOrEmpty(DirectoryState directory)
    {
        InodeId dir = directory.Ino;
        if (_isFilling ? directory.Total >= _names.Length - 1 : directory.Total == 0)
            _isFilling = !_isFilling;
        bool isBulk = profile.Workload == Workload.Bulk || world.Chance(0.2);
        int left = isBulk ? _names.Length : 1;
        double toTrash = isBulk && world.Chance(0.3) ? 0.95 : 0.1;
        int from = world.Random.Next(_names.Length);
        for (int i = 0; i < _names.Length && left > 0; i++)
        {
            FileName name = _names[(from + i) % _names.Length];
            if (Core.Operations.FindPending(dir, name) is not null)
                continue;
            InodeAttributes? entry = Core.Entries.Find(directory, name);
            if (_isFilling && entry is null)
                Add(OperationKind.Create, new CreateOperation(dir, name, 0x1A4, true), dir, name);
            else if (!_isFilling && entry is not null && world.Chance(toTrash))
                MoveToTrash(dir, name, entry);
            else if (!_isFilling && entry is not null && world.Chance(0.05))
                RemoveTree(new InodeAddress(dir, name, entry.Ino));
            else if (!_isFilling && entry is { IsDirectory: false })
                Add(OperationKind.Unlink, new UnlinkOperation(dir, name, entry.Ino), dir, name);
            else if (!_isFilling && entry is { IsDirectory: true })
                Add(OperationKind.Rmdir, new RmdirOperation(dir, name, entry.Ino), dir, name, entry.Ino);
            else
                continue;
            left--;
        }
    }

    private void Anything(DirectoryState directory)
    {
        InodeId dir = directory.Ino;
        FileName name = AnyName;
        InodeAttributes? entry = Core.Entries.Find(directory, name);
        switch (world.Random.Next(36))
        {
            case < 3:
                Add(OperationKind.Create, new CreateOperation(dir, name, 0x1A4, true), dir, name);
                break;
            case 3:
                Add(OperationKind.Mkdir, new MkdirOperation(dir, name, 0x1ED), dir, name);
                break;
            case < 11 when entry is { IsDirectory: false }:
                Add(OperationKind.Unlink, new UnlinkOperation(dir, name, entry.Ino), dir, name, entry.Ino);
                break;
            case < 6 when entry is { IsDirectory: true }:
                Add(OperationKind.Rmdir, new RmdirOperation(dir, name, entry.Ino), dir, name, entry.Ino);
                break;
            case 11 when entry is not null:
                {
                    (InodeId to, FileName newName) = (AnyDirectory(), AnyName);
                    Add(OperationKind.Rename, new RenameOperation(new InodeAddress(dir, name, entry.Ino), to, newName, NoReplace: world.Chance(0.5)), dir, name, entry.Ino, (to, newName));
                    break;
                }
            case 12 when entry is { IsDirectory: false }:
                {
                    (InodeId to, FileName newName) = (AnyDirectory(), AnyName);
                    Add(OperationKind.Link, new LinkOperation(new InodeAddress(dir, name, entry.Ino), to, newName), to, newName, second: (dir, name));
                    break;
                }
            case 13 when entry is not null:
                Add(OperationKind.SetAttributes, new SetAttrOperation(new InodeAddress(dir, name, entry.Ino)) { Mode = (uint)world.Random.Next(0x1000) & 0x1FF }, dir, name);
                break;
            case 14 when entry is not null:
                Add(OperationKind.SetXattr, new SetXattrOperation(new InodeAddress(dir, name, entry.Ino), [(byte)'u', (byte)'0', (byte)world.Random.Next('a', 'e')], [1], XattrMode.Either), dir, name);
                break;
            case 24:
                Add(OperationKind.Symlink, new SymlinkOperation(dir, name, [(byte)'t']), dir, name);
                break;
            case < 16 and > 13:
                Walk(name);
                break;
            case < 20 and > 15:
                Demand(directory, world.Random.Next(1, 20));
                break;
            case 20:
                world.Say(gateway.Name, "gives caps back");
                Core.ReleaseDownTo(world.Random.Next(3));
                break;
            case 21:
                if (Core.Operations.Shown.FirstOrDefault(o => o.State == OperationState.Queued) is { } queued && world.Chance(0.5))
                    Core.Operations.TryCancel(queued);
                break;
            case 23:
                Burst(directory);
                break;
            case 22:
                if (Core.Operations.Shown.FirstOrDefault(o => o.State == OperationState.Failed) is { } failed)
                    Core.Operations.Dismiss(failed);
                break;
            case < 28 and > 24 when entry is not null:
                MoveToTrash(dir, name, entry);
                break;
            case < 30 and > 27:
                FromTrash();
                break;
            case 30 when entry is not null:
                RemoveTree(new InodeAddress(dir, name, entry.Ino));
                break;
            case 31:
                WithAJob();
                break;
            case 32:
                Flush(dir);
                break;
            case > 32 when entry is null || (FileKind)(entry.Mode >> 12) == FileKind.File:
                Write(dir, name, entry);
                break;
        }
    }

    /// <summary>As rm does: everything that is seen in a directory, and now and then the directory after it.</summary>
    private void Burst(DirectoryState directory)
    {
        InodeId dir = directory.Ino;
        foreach (FileName name in _names)
        {
            if (Core.Entries.Find(directory, name) is { IsDirectory: false } entry)
                Add(OperationKind.Unlink, new UnlinkOperation(dir, name, entry.Ino), dir, name, entry.Ino);
            else if (world.Chance(0.3))
                Add(OperationKind.Create, new CreateOperation(dir, name, 0x1A4, true), dir, name);
        }
    }

    private InodeId HomeNow()
    {
        if (profile.Workload == Workload.Contended || Core.Directories.Find(InodeId.Root) is not { } root)
            return InodeId.None;
        return Core.Entries.Find(root, profile.Workload == Workload.Watched ? _names[1 % _names.Length] : Home) is { IsDirectory: true } home ? home.Ino : InodeId.None;
    }

    /// <summary>Mostly one's own; otherwise the root, or a directory that has been seen.</summary>
    private InodeId AnyDirectory()
    {
        if (world.Chance(profile.Workload == Workload.Calm ? 0.8 : 0.93) && HomeNow() is { IsNone: false } home)
            return home;
        InodeId[] seen = [.. Core.Directories.Directories.Where(d => d.IsKnown).Select(d => d.Ino).Order()];
        return seen.Length == 0 || world.Chance(0.2) ? InodeId.Root : seen[world.Random.Next(seen.Length)];
    }

    private void Walk(FileName name)
    {
        // By the names that a cached root knows, as a path would come.
        FileName first = profile.Workload == Workload.Contended || world.Chance(0.3) ? AnyName : _names[1 % _names.Length];
        FileName[] path = world.Chance(0.3) ? [first] : [first, name];
        reader.LookUp(world.Chance(0.05) ? Stranger : Caller.Root, path);
    }

    private void Demand(DirectoryState directory, int rows = int.MaxValue) => reader.List(directory, rows);

    private void Add(OperationKind kind, FsOperation request, InodeId dir, FileName name, InodeId victim = default, (InodeId Dir, FileName Name) second = default)
    {
        TrackedOperation operation = Core.Operations.Add(kind, AnyCaller(), request, dir, name, null, victim, second);
        if (world.IsTraced)
            world.Say(gateway.Name, $"asks {kind} {dir}/{name}{(second.Dir.IsNone ? "" : $" {second.Dir}/{second.Name}")}: {operation.State}{(operation.IsAsynchronous ? " ahead of the reply" : "")}");
    }

    private Caller AnyCaller() => world.Chance(0.02) ? Stranger : Caller.Root;
}
