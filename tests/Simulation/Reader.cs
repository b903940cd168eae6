using Capstan.ClientGateway;
using Capstan.ClientGateway.Directories;
using Capstan.ClientGateway.Operations;
using Capstan.Shared;
using Capstan.Shared.Messages;
using Capstan.Shared.Pages;

namespace Capstan.Simulation;

/// <summary>The reads of one gateway's users, as the gateway's face does them: they wait for pages and lookups, and until what was seen is settled. The history checks what they are told.</summary>
internal sealed class Reader(World world, SimulatedGateway gateway, History history, Ledger ledger)
{
    private readonly List<(Func<Task?> Step, Task Wait)> _waiting = [];

    /// <summary>What was told and should not have been.</summary>
    public string? Wrong { get; private set; }

    public int Waiting => _waiting.Count(w => !w.Wait.IsCompleted);

    public bool HasNews => _waiting.Exists(w => w.Wait.IsCompleted);

    private GatewayCore Core => gateway.Core;

    /// <summary>The process is gone, and with it whoever waited for it.</summary>
    public void Forget() => _waiting.Clear();

    /// <summary>Whoever waited for something that has come goes on.</summary>
    public void Continue()
    {
        foreach ((Func<Task?> step, Task wait) in _waiting.Where(w => w.Wait.IsCompleted).ToArray())
        {
            _waiting.Remove((step, wait));
            Go(step);
        }
    }

    public void List(DirectoryState directory, int rows)
    {
        directory.Viewers++; // As of a view, until it has what it asked for.
        long began = history.Moment;
        RangeWaiter? asked = null;
        Task<Reply>? settled = null;
        List<(FileName Name, PageRow Row)>? seen = null;
        DirectoryVersion version = default;
        bool isLive = false, isWhole = false;
        Go(() =>
        {
            Task? wait = Step();
            if (wait is null)
                directory.Viewers--;
            return wait;
        });

        Task? Step()
        {
            if ((seen is null && asked?.Done.Result is not (null or FsErrno.Ok)) || settled is { Result.Errno: not FsErrno.Ok })
                return null; // Nobody is told anything but the error.
            List<(FileName Name, PageRow Row)> read = [];
            if (seen is null && !(Core.Directories.IsFresh(directory) && directory.Read(0, rows, read)))
                return (asked = Core.Directories.Demand(directory, Caller.Root, 0, rows)).Done;
            if (seen is null)
            {
                (seen, version, isLive, isWhole) = (read, directory.Version, Core.Directories.IsLive(directory), read.Count == directory.Total);
                settled = isLive ? Core.Directories.Settle(directory, version) : null;
                world.Meet(settled is null ? "listing told at once" : "listing told when it was settled");
                if (settled is not null)
                    return settled;
            }
            if (isLive)
                Wrong ??= history.Listed(gateway, directory.Ino, version, began, isWhole ? [.. seen.Select(r => (r.Name, r.Row.Ino))] : null);
            return null;
        }
    }

    public void LookUp(Caller caller, FileName[] path)
    {
        long began = history.Moment;
        PathWalk walk = new(Core, caller, path);
        Go(() =>
        {
            if (walk.Step() is { } wait)
                return wait;
            (InodeId dir, FileName name) = walk.Last;
            FsResult<ResolvedPath> result = walk.Result!.Value;
            bool isTold = result.IsOk || result.Errno == FsErrno.NoEntry;
            if (isTold && !walk.IsAsOf && (result.IsOk || !ledger.MayAssumeGone(Core, dir, name)))
                Wrong ??= history.LookedUp(gateway, dir, name, result.IsOk ? result.Value.Address.Ino : InodeId.None, began);
            if (result.IsOk && ledger.IsAssumedGone(Core, dir, name, result.Value.Address.Ino, began))
                Wrong ??= $"{gateway.Name} finds {dir}/{name} {result.Value.Address.Ino}, whose unlink it has called done";
            return null;
        });
    }

    /// <summary>Goes on when there is nothing more to wait for; what it returns then is wrong.</summary>
    public void WaitFor(Func<Task?> next, Func<string?> then) => Go(() =>
    {
        if (next() is { } wait)
            return wait;
        Wrong ??= then();
        return null;
    });

    private void Go(Func<Task?> step)
    {
        if (step() is { } wait)
            _waiting.Add((step, wait));
    }
}
