using Capstan.ClientGateway;
using Capstan.ClientGateway.Caps;
using Capstan.ClientGateway.Directories;
using Capstan.Mds.Caps;
using Capstan.Mds.Sessions;
using Capstan.Shared;
using Capstan.Shared.Pages;

namespace Capstan.Simulation;

/// <summary>What must hold after each step, and what must hold when nothing is on its way.</summary>
internal sealed class Invariants(SimulatedMds mds, IReadOnlyList<SimulatedGateway> gateways, Ledger ledger)
{
    /// <summary>Only where writers wait for the readers.</summary>
    public bool ChecksGhosts { get; init; } = true;

    public string? Violated()
    {
        foreach (SimulatedGateway gateway in gateways)
        {
            foreach (CapRecord record in gateway.Core.Caps.Records)
            {
                if ((record.Issued & ~record.Implemented) != 0)
                    return $"{gateway.Name}: issued is no subset of implemented on {record.Ino}";
                if (record.References < 0)
                    return $"{gateway.Name}: references below zero on {record.Ino}";
                if (record.References > 0 && (record.Implemented & CapBits.Exclusive) != CapBits.Exclusive)
                    return $"{gateway.Name}: referenced bits of {record.Ino} were given back";
            }
            if (gateway.Core.Directories.Budget.Bytes < 0)
                return $"{gateway.Name}: page bytes below zero";
        }
        return Holders() ?? ServerHolders() ?? (ChecksGhosts ? Ghosts() : null);
    }

    /// <summary>Left over, or different from the tree, at a quiet point.</summary>
    public List<string> Remains(Dictionary<InodeId, List<DirectoryEntry>> tree)
    {
        List<string> wrong = ledger.Check(tree);
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
                SimulatedGateway holder = gateways.Single(g => g.Name == cap.Session.ClientName);
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
                if (mds.Core.Caps.Find(record.Ino)?.Holders.Exists(h => h.Session.ClientName == gateway.Name) != true)
                    wrong.Add($"{gateway.Name} believes it holds {record.Ino}, the MDS knows nothing of it");
            }
            foreach (DirectoryState directory in core.Directories.Directories)
            {
                if (directory.Waiters.Count + directory.Streams.Count + directory.StreamsUnderWay > 0)
                    wrong.Add($"{gateway.Name}: {directory.Waiters.Count} waiters, {directory.StreamsUnderWay} streams left on {directory.Ino}");
                if (core.Operations.InFlight(directory.Ino) > 0)
                    wrong.Add($"{gateway.Name}: operations in flight left on {directory.Ino}");
                for (char c = 'a'; c <= 'h'; c++)
                {
                    if (core.Operations.FindPending(directory.Ino, FileName.Create(c.ToString())) is { } claim)
                        wrong.Add($"{gateway.Name}: {directory.Ino}/{c} is still claimed by {claim.Kind} {claim.State}");
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

    /// <summary>One exclusive holder, and nobody else who believes in a listing. A gateway whose session was ended does not know it yet.</summary>
    private string? Holders()
    {
        SimulatedGateway[] alive = [.. gateways.Where(g => !mds.IsUp || mds.Core.Find(g.Core.Session.Id) is not null)];
        foreach (SimulatedGateway one in alive)
        {
            foreach (CapRecord record in one.Core.Caps.Records)
            {
                if (!one.Core.Caps.Holds(record.Ino, CapBits.Fx))
                    continue;
                if (alive.FirstOrDefault(other => other != one && other.Core.Caps.Holds(record.Ino, CapBits.Fs)) is { } other)
                    return $"{one.Name} holds {record.Ino} exclusively, and {other.Name} holds Fs on it";
            }
        }
        return null;
    }

    private string? ServerHolders()
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

    /// <summary>Once a user was told that a file is gone, nobody's live listing shows it.</summary>
    private string? Ghosts()
    {
        foreach ((InodeId dir, FileName name, InodeId ino) in ledger.Removed())
        {
            foreach (SimulatedGateway gateway in gateways)
            {
                if (mds.IsUp && mds.Core.Find(gateway.Core.Session.Id) is null)
                    continue;
                if (gateway.Core.Directories.Find(dir) is { } directory && gateway.Core.Directories.IsLive(directory)
                    && gateway.Core.Entries.Find(directory, name)?.Ino == ino)
                    return $"{gateway.Name} shows {dir}/{name} ino {ino}, which a user was told is gone";
            }
        }
        return null;
    }
}
