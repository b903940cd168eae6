using Capstan.ClientGateway;
using Capstan.ClientGateway.Directories;
using Capstan.ClientGateway.Operations;
using Capstan.Shared;
using Capstan.Shared.Messages;

namespace Capstan.Simulation;

/// <summary>Somebody at one gateway who does this and that, on what the gateway shows: few names in few directories, so that everybody is in everybody's way.</summary>
internal sealed class User(World world, SimulatedGateway gateway, Ledger ledger, int home, double locality)
{
    private static readonly FileName[] Names = [.. "abcdefgh".Select(c => FileName.Create(c.ToString()))];

    private readonly List<(PathWalk Walk, Task Wait)> _walks = [];
    private readonly List<RangeWaiter> _waiters = [];

    public int WaitingReads => _walks.Count(w => !w.Wait.IsCompleted) + _waiters.Count(w => !w.Done.IsCompleted);

    private GatewayCore Core => gateway.Core;

    public void ActOnce() => gateway.Run(Act);

    /// <summary>A walk that waited for an operation goes on when that has ended.</summary>
    public void Continue()
    {
        gateway.Run(() =>
        {
            _waiters.RemoveAll(w => w.Done.IsCompleted);
            foreach ((PathWalk walk, Task wait) in _walks.Where(w => w.Wait.IsCompleted).ToArray())
            {
                _walks.Remove((walk, wait));
                if (walk.Result is null && walk.Step() is { } again)
                    _walks.Add((walk, again));
            }
        });
    }

    public void List(InodeId dir) => gateway.Run(() => _waiters.Add(Core.Directories.Demand(Core.Directories.GetOrAdd(dir), Caller.Root, 0, int.MaxValue)));

    private void Act()
    {
        InodeId dir = AnyDirectory();
        FileName name = Names[world.Random.Next(Names.Length)];
        InodeAttributes? entry = Core.Directories.Find(dir) is { } known ? Core.Entries.Find(known, name) : null;
        switch (world.Random.Next(24))
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
                    (InodeId to, FileName newName) = (AnyDirectory(), Names[world.Random.Next(Names.Length)]);
                    Add(OperationKind.Rename, new RenameOperation(new InodeAddress(dir, name, entry.Ino), to, newName, NoReplace: world.Chance(0.5)), dir, name, entry.Ino, (to, newName));
                    break;
                }
            case 12 when entry is { IsDirectory: false }:
                {
                    (InodeId to, FileName newName) = (AnyDirectory(), Names[world.Random.Next(Names.Length)]);
                    Add(OperationKind.Link, new LinkOperation(new InodeAddress(dir, name, entry.Ino), to, newName), to, newName, second: (dir, name));
                    break;
                }
            case 13 when entry is not null:
                Add(OperationKind.SetAttributes, new SetAttrOperation(new InodeAddress(dir, name, entry.Ino)) { Mode = (uint)world.Random.Next(0x1000) & 0x1FF }, dir, name);
                break;
            case 14 when entry is not null:
                Add(OperationKind.SetXattr, new SetXattrOperation(new InodeAddress(dir, name, entry.Ino), [(byte)'u', (byte)'0', (byte)world.Random.Next('a', 'e')], [1], XattrMode.Either), dir, name);
                break;
            case < 16 and > 13:
                Walk(dir, name);
                break;
            case < 20 and > 15:
                _waiters.Add(Core.Directories.Demand(Core.Directories.GetOrAdd(dir), Caller.Root, 0, world.Random.Next(1, 20)));
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
                Burst(dir);
                break;
            case 22:
                if (Core.Operations.Shown.FirstOrDefault(o => o.State == OperationState.Failed) is { } failed)
                    Core.Operations.Dismiss(failed);
                break;
        }
    }

    /// <summary>As rm does: everything that is seen in a directory, and now and then the directory after it.</summary>
    private void Burst(InodeId dir)
    {
        DirectoryState directory = Core.Directories.GetOrAdd(dir);
        foreach (FileName name in Names)
        {
            if (Core.Entries.Find(directory, name) is { IsDirectory: false } entry)
                Add(OperationKind.Unlink, new UnlinkOperation(dir, name, entry.Ino), dir, name, entry.Ino);
            else if (world.Chance(0.3))
                Add(OperationKind.Create, new CreateOperation(dir, name, 0x1A4, true), dir, name);
        }
    }

    /// <summary>The root, or a directory that has been seen in it.</summary>
    private InodeId AnyDirectory()
    {
        InodeId[] seen = [.. Core.Directories.Directories.Where(d => d.IsKnown).Select(d => d.Ino).Order()];
        if (seen.Length == 0 || world.Chance(0.2))
            return InodeId.Root;
        // Mostly where this gateway is at home, so that there is something to hold exclusively.
        InodeId[] own = world.Chance(locality) ? [.. seen.Where(d => d != InodeId.Root && (int)(d.Value % 3) == home)] : [];
        return own.Length > 0 ? own[world.Random.Next(own.Length)] : seen[world.Random.Next(seen.Length)];
    }

    private void Walk(InodeId dir, FileName name)
    {
        // By the name that a cached root knows for it, as a path would come.
        List<FileName> path = [];
        if (dir != InodeId.Root)
            path.Add(Names[world.Random.Next(Names.Length)]);
        path.Add(name);
        PathWalk walk = new(Core, Caller.Root, path);
        if (walk.Step() is { } wait)
            _walks.Add((walk, wait));
    }

    private void Add(OperationKind kind, FsOperation request, InodeId dir, FileName name, InodeId victim = default, (InodeId Dir, FileName Name) second = default)
    {
        TrackedOperation operation = Core.Operations.Add(kind, Caller.Root, request, dir, name, null, victim, second);
        ledger.Add(operation);
        world.Say(gateway.Name, $"asks {kind} {dir}/{name}{(second.Dir.IsNone ? "" : $" {second.Dir}/{second.Name}")}: {operation.State}{(operation.IsAsynchronous ? " ahead of the reply" : "")}");
    }
}
