using Capstan.ClientGateway;
using Capstan.ClientGateway.Caps;
using Capstan.ClientGateway.Directories;
using Capstan.ClientGateway.Operations;
using Capstan.Mds.Caps;
using Capstan.Mds.Sessions;
using Capstan.Shared;
using Capstan.Shared.Messages;
using Capstan.Shared.Pages;

namespace Capstan.Simulation;

/// <summary>
/// What must hold after each step, and what must hold when nothing is on its way. After a step only that is looked at which the
/// step has touched; now and then, and at every quiet point, all of it.
/// </summary>
internal sealed class Invariants(SimulatedMds mds, IReadOnlyList<SimulatedGateway> gateways, IReadOnlyList<Reader> readers, Ledger ledger, History history, IReadOnlyList<FileName> names)
{
    private const int FullCheckEvery = 256;

    private readonly List<InodeId> _written = [];
    private int _sinceFull;

    public string? Violated()
    {
        bool all = ++_sinceFull >= FullCheckEvery;
        if (all)
            _sinceFull = 0;
        bool isMdsTouched = mds.IsTouched || all;
        mds.IsTouched = false;
        string? wrong = null;
        foreach (SimulatedGateway gateway in gateways)
        {
            if (!gateway.IsTouched && !all)
                continue;
            gateway.IsTouched = false;
            foreach (TrackedOperation ended in ledger.TakeEnded(gateway.Core))
            {
                if (ended.State == OperationState.Done)
                    _written.AddRange(history.Written(gateway.Core, ended.Request));
            }
            foreach (ContentWrite told in ledger.TakeTold(gateway.Core))
                _written.AddRange(history.Written(gateway.Core, told.Changed.Select(c => (c.Dir, c.To))));
            wrong ??= Gateway(gateway);
        }
        // Who was told of a change may meet nobody who believes in what was before it.
        foreach (InodeId dir in _written)
        {
            foreach (SimulatedGateway gateway in gateways)
                wrong ??= history.IsBehind(gateway, dir, IsAlive(gateway));
        }
        _written.Clear();
        foreach (Reader reader in readers)
            wrong ??= reader.Wrong;
        return wrong ?? (isMdsTouched ? Server() : null);
    }

    private string? Gateway(SimulatedGateway gateway)
    {
        bool isAlive = IsAlive(gateway);
        foreach (CapRecord record in gateway.Core.Caps.Records)
        {
            if ((record.Issued & ~record.Implemented) != 0)
                return $"{gateway.Name}: issued is no subset of implemented on {record.Ino}";
            if (record.References < 0)
                return $"{gateway.Name}: references below zero on {record.Ino}";
            if (record.References > 0 && (record.Implemented & CapBits.Exclusive) != CapBits.Exclusive)
                return $"{gateway.Name}: referenced bits of {record.Ino} were given back";
            if (!isAlive || (record.Issued & CapBits.Fs) == 0 || !gateway.Core.Caps.Holds(record.Ino, CapBits.Fs))
                continue;
            bool isExclusive = (record.Issued & CapBits.Fx) != 0;
            foreach (SimulatedGateway other in gateways)
            {
                if (other != gateway && other.Core.Caps.Holds(record.Ino, isExclusive ? CapBits.Fs : CapBits.Fx) && IsAlive(other))
                    return $"{gateway.Name} holds {record.Ino} [{record.Issued}] and {other.Name} [{other.Core.Caps.Find(record.Ino)?.Issued}]";
            }
            if (history.IsBehind(gateway, record.Ino, isAlive) is { } behind)
                return behind;
        }
        if (gateway.Core.Session.Sent > gateway.Core.Session.MaxInFlight)
            return $"{gateway.Name} has {gateway.Core.Session.Sent} requests out, and credit for {gateway.Core.Session.MaxInFlight}";
        if (gateway.Core.Directories.Budget.Bytes < 0)
            return $"{gateway.Name}: page bytes below zero";
        return gateway.DroppedIsLeftAlone();
    }

    /// <summary>A gateway whose session was ended does not know it yet; its lease is over, or was never the one that counts.</summary>
    private bool IsAlive(SimulatedGateway gateway) => mds.Core.Find(gateway.Core.Session.Id) is not null;

    /// <summary>Left over, or different from the tree, at a quiet point.</summary>
    public List<string> Remains(Dictionary<InodeId, List<DirectoryEntry>> tree, IReadOnlyList<TrashEntry> trash)
    {
        List<string> wrong = ledger.Check(tree, trash);
        foreach (MdsSession session in mds.Core.Sessions)
        {
            if (session.Live.Count > 0)
                wrong.Add($"mds: {session.ClientName} has live requests {string.Join(' ', session.Live)}");
        }
        foreach (DirectoryCaps directory in mds.Core.Caps.Directories)
        {
            if (directory.Waiters.Count > 0)
                wrong.Add($"mds: {directory.Waiters.Count} requests wait for {directory.Ino}");
            foreach (IssuedCap cap in directory.Holders)
            {
                if (cap.IsRevoking || cap.Unacked > 0 || cap.RevokedAt != 0)
                    wrong.Add($"mds: {cap.Session.ClientName} has not acked {directory.Ino} ({cap.Unacked} deltas)");
                if (gateways.FirstOrDefault(g => g.Options.ClientName == cap.Session.ClientName) is not { } holder)
                    continue; // Of a gateway that was killed: until its lease ends.
                CapBits held = holder.Core.Caps.Find(directory.Ino)?.Issued ?? CapBits.None;
                if (held != cap.Issued)
                    wrong.Add($"{holder.Name} believes it holds [{held}] on {directory.Ino}, the MDS has issued [{cap.Issued}]");
            }
        }
        foreach (SimulatedGateway gateway in gateways)
        {
            GatewayCore core = gateway.Core;
            foreach (CapRecord record in core.Caps.Records)
            {
                if (record.References != 0 || record.UnackedRevokes.Count != 0)
                    wrong.Add($"{gateway.Name}: {record.References} references, {record.UnackedRevokes.Count} unacked revokes left on {record.Ino}");
                if (mds.Core.Caps.Find(record.Ino)?.Holders.Exists(h => h.Session.ClientName == gateway.Options.ClientName) != true)
                    wrong.Add($"{gateway.Name} believes it holds {record.Ino}, the MDS knows nothing of it");
            }
            if (core.Session.MarksAwaited > 0)
                wrong.Add($"{gateway.Name}: {core.Session.MarksAwaited} marks are waited for");
            if (core.Operations.Trees.Count > 0)
                wrong.Add($"{gateway.Name}: {core.Operations.Trees.Count} removals of trees left");
            foreach (OperationJob job in core.Operations.Jobs.Where(j => !j.IsFinished))
                wrong.Add($"{gateway.Name}: '{job.Title}' has {job.Done} done, {job.Failed} failed, {job.Cancelled} cancelled of {job.Total}");
            foreach (DirectoryState directory in core.Directories.Directories)
            {
                if (directory.Waiters.Count + directory.Streams.Count + directory.StreamsUnderWay > 0)
                    wrong.Add($"{gateway.Name}: {directory.Waiters.Count} waiters, {directory.StreamsUnderWay} streams left on {directory.Ino}");
                if (core.Operations.InFlight(directory.Ino) > 0)
                    wrong.Add($"{gateway.Name}: operations in flight left on {directory.Ino}");
                foreach (FileName name in names)
                {
                    if (core.Operations.FindPending(directory.Ino, name) is { } claim)
                        wrong.Add($"{gateway.Name}: {directory.Ino}/{name} is still claimed by {claim.Kind} {claim.State}");
                }
                if (core.Directories.IsLive(directory))
                    Compare(gateway, directory, tree.GetValueOrDefault(directory.Ino) ?? [], wrong);
            }
        }
        return wrong;
    }

    private void Compare(SimulatedGateway gateway, DirectoryState directory, List<DirectoryEntry> truth, List<string> wrong)
    {
        if (mds.Engine.TryGetDirectory(directory.Ino, out _, out DirectoryVersion version, out _) && version != directory.Version)
            wrong.Add($"{gateway.Name}: {directory.Ino} is at {directory.Version}, the tree at {version}");
        if (directory.Total != truth.Count)
            wrong.Add($"{gateway.Name}: {directory.Ino} has {directory.Total} entries, the tree {truth.Count}");
        for (int rank = 0; rank < truth.Count; rank++)
        {
            DirectoryEntry entry = truth[rank];
            List<(FileName Name, PageRow Row)> rows = [];
            bool isCached = directory.Read(rank, 1, rows, touch: false) && rows.Count == 1;
            if (isCached && (rows[0].Name != entry.Name || Differs(rows[0].Row, entry)))
                wrong.Add($"{gateway.Name}: {directory.Ino} row {rank} is {rows[0].Name} {rows[0].Row}, in the tree {entry.Name} {PageRow.Of(entry.Attributes)}");
            if (gateway.Core.Entries.IsKnownAbsent(directory, entry.Name))
                wrong.Add($"{gateway.Name}: {directory.Ino}/{entry.Name} is believed absent");
        }
        foreach ((FileName name, InodeAttributes? remembered) in directory.Names)
        {
            InodeId there = truth.Find(e => e.Name == name)?.Attributes.Ino ?? InodeId.None;
            if ((remembered?.Ino ?? InodeId.None) != there)
                wrong.Add($"{gateway.Name}: {directory.Ino}/{name} is remembered as {remembered?.Ino}, in the tree {there}");
        }
    }

    /// <summary>Of a directory only what its parent's version covers.</summary>
    private static bool Differs(in PageRow row, DirectoryEntry entry) =>
        row.Ino != entry.Attributes.Ino || row.Mode != entry.Attributes.Mode || row.Xattrs != entry.Attributes.Xattrs || (!entry.Attributes.IsDirectory && row.Nlink != entry.Attributes.Nlink);

    private string? Server()
    {
        if (!mds.IsUp)
            return null;
        foreach (DirectoryCaps directory in mds.Core.Caps.Directories)
        {
            foreach (IssuedCap cap in directory.Holders)
            {
                if ((cap.Issued & ~cap.Implemented) != 0)
                    return $"mds: issued is no subset of implemented on {directory.Ino}";
                if ((cap.Implemented & CapBits.Exclusive) != 0 && directory.Holders.Exists(h => h != cap && (h.Issued & CapBits.Fs) != 0))
                    return $"mds: {cap.Session.ClientName} may still use {directory.Ino} exclusively, and another holds Fs";
            }
            foreach (IssuedCap cap in directory.Holders)
            {
                if (!cap.Session.Caps.TryGetValue(directory.Ino, out IssuedCap? same) || same != cap)
                    return $"mds: the tables disagree on {directory.Ino}";
            }
        }
        foreach (MdsSession session in mds.Core.Sessions)
        {
            foreach ((InodeId ino, IssuedCap cap) in session.Caps)
            {
                if (mds.Core.Caps.Find(ino) != cap.Directory)
                    return $"mds: {session.ClientName} holds {ino}, which the table of directories has lost";
            }
        }
        return null;
    }
}
