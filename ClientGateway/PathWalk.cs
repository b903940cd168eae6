using Capstan.ClientGateway.Directories;
using Capstan.ClientGateway.Operations;
using Capstan.Shared;
using Capstan.Shared.Messages;

namespace Capstan.ClientGateway;

/// <summary>
/// Walks a path through the caches and asks for the rest of it in one lookup. Under the gateway's lock; <see cref="FileSystemClient"/> awaits between the steps.
/// </summary>
internal sealed class PathWalk(GatewayCore core, Caller caller, IReadOnlyList<FileName> names)
{
    private InodeId _at;
    private InodeId _last;
    private int _next;
    private readonly List<(InodeId Directory, DirectoryVersion Version)> _seen = [];
    private Task<Reply>? _settling; // Of the last one in it.

    /// <summary>Set when the walk has ended.</summary>
    public FsResult<ResolvedPath>? Result { get; private set; }

    /// <summary>Where the walk has ended: the directory, and the name in it that was found or is missing.</summary>
    public (InodeId Dir, FileName Name) Last => (_last, names[Math.Min(_next, names.Count - 1)]);

    /// <summary>A listing that was not live has been used: what was found was so a moment ago.</summary>
    public bool IsAsOf { get; private set; }

    /// <summary>Goes as far as the caches reach. Returns what to wait for, or null when <see cref="Result"/> may be told.</summary>
    public Task? Step() => Result is null && Walk() is { } wait ? wait : Settle();

    /// <summary>What was read from listings is told when every other holder has it.</summary>
    private Task? Settle()
    {
        // The answer counts, also when the directory has been dropped since and nothing is known of it.
        if (_settling is { IsCompletedSuccessfully: true, Result.Errno: FsErrno.Ok })
            _seen.RemoveAt(_seen.Count - 1);
        _settling = null;
        for (int i = _seen.Count - 1; i >= 0 && _settling is null; i--)
        {
            _settling = core.Directories.Settle(core.Directories.GetOrAdd(_seen[i].Directory), _seen[i].Version);
            if (_settling is null)
                _seen.RemoveAt(i);
        }
        return _settling;
    }

    private Task? Walk()
    {
        _seen.Clear();
        _settling = null;
        IsAsOf = false;
        _at = InodeId.Root;
        for (_next = 0; _next < names.Count; _next++)
        {
            FileName name = names[_next];
            if (core.Operations.FindDecisive(_at, name) is { } pending)
                return pending.IsAssumedDone ? End(FsErrno.NoEntry) : pending.Completion;
            DirectoryState? directory = core.Directories.Find(_at);
            if (directory is not null && !core.Directories.IsSettled(directory))
                _seen.Add((_at, directory.Version));
            IsAsOf |= directory is not null && !core.Directories.IsLive(directory);
            InodeAttributes? entry = directory is null ? null : core.Entries.Find(directory, name);
            if (entry is null)
            {
                if (directory is null || !core.Entries.IsKnownAbsent(directory, name))
                    return Lookup();
                core.Counters.NegativeNameHits++;
                core.Counters.RoundTripsSaved++;
                return End(FsErrno.NoEntry);
            }
            if (directory!.Attributes is { } own && !own.Allows(caller, Access.Execute))
                return End(FsErrno.AccessDenied);
            if (!Arrive(name, entry))
                return null;
        }
        core.Counters.AttributeHits++;
        core.Counters.RoundTripsSaved++;
        return null;
    }

    private Task Lookup()
    {
        core.Counters.AttributeMisses++;
        InodeId from = _at;
        FileName[] rest = [.. names.Skip(_next)];
        ReadCall call = new(Found);
        core.Directories.GetOrAdd(from).Wanted |= CapBits.Shared;
        core.Session.Send(caller, new LookupOperation(from, rest, CapBits.Shared), call);
        return call.Reply;
    }

    /// <summary>Names found are remembered in stream order, so that no later delta is overtaken.</summary>
    private void Found(Reply reply)
    {
        foreach (InodeAttributes found in reply.Attributes)
        {
            if (!reply.IsLate)
                Remember(found);
            if (!Arrive(names[_next], found))
                return;
            _next++;
        }
        if (reply.Errno == FsErrno.NoEntry && _next < names.Count)
        {
            core.Counters.NegativeNameMisses++;
            if (!reply.IsLate)
                Remember(null);
        }
        if (reply.Errno != FsErrno.Ok)
            End(reply.Errno);
        else if (Result is null)
            End(FsErrno.Protocol);
    }

    private void Remember(InodeAttributes? found)
    {
        if (core.Directories.Find(_at) is { } directory)
            core.Entries.Remember(directory, names[_next], found);
    }

    /// <summary>False when the walk ends here.</summary>
    private bool Arrive(FileName name, InodeAttributes entry)
    {
        InodeId parent = _last = _at;
        _at = entry.Ino;
        if (entry.IsDirectory)
            core.Directories.GetOrAdd(entry.Ino).Path = "/" + string.Join('/', names.Take(_next + 1));
        if (_next == names.Count - 1)
            Result = new ResolvedPath(new InodeAddress(parent, name, entry.Ino), entry);
        else if (!entry.IsDirectory)
            End(FsErrno.NotDirectory);
        return Result is null || _next == names.Count - 1;
    }

    private Task? End(FsErrno errno)
    {
        Result = errno;
        _last = _at;
        return null;
    }
}
