using System.Diagnostics;
using Capstan.Mds.Sessions;
using Capstan.Mds.Storage;
using Capstan.Shared;
using Capstan.Shared.Messages;

namespace Capstan.Mds.Caps;

/// <summary>
/// The cap rules of DESIGN.md section 4: grants, revokes, acks, waiters. Messages are left in the sessions' outboxes.
/// Single-threaded, owned by <see cref="MdsCore"/>. <paramref name="describe"/> gives a directory's version and attributes, or null when it is gone.
/// </summary>
internal sealed class CapIssuer(TimeProvider time, Func<InodeId, (DirectoryVersion Version, InodeAttributes Attributes)?> describe)
{
    private readonly Dictionary<InodeId, DirectoryCaps> _directories = [];

    public MdsCounters Counters { get; } = new();

    /// <summary>Directories whose waiters may run now.</summary>
    public Queue<DirectoryCaps> Ready { get; } = [];

    public bool GrantsExclusive { get; set; } = true;

    public IReadOnlyCollection<DirectoryCaps> Directories => _directories.Values;

    public DirectoryCaps? Find(InodeId ino) => _directories.GetValueOrDefault(ino);

    /// <summary>
    /// Du is a promise: while another session has it, a request that touches the directory waits, and the revoke goes out.
    /// A request also waits behind those that came before it, unless its session is the exclusive holder, whose operations in
    /// flight are what the others wait for.
    /// </summary>
    public bool MustWait(MdsSession session, InodeId ino)
    {
        if (!_directories.TryGetValue(ino, out DirectoryCaps? directory))
            return false;
        if (directory.IsExclusiveToAnother(session))
        {
            foreach (IssuedCap cap in directory.Holders)
            {
                if (cap.Session != session)
                    Revoke(cap, CapBits.Shared);
            }
            return true;
        }
        bool isExclusiveHolder = directory.Of(session) is { } own && (own.Implemented & CapBits.Exclusive) != 0;
        return directory.Waiters.Count > 0 && !isExclusiveHolder;
    }

    /// <summary>
    /// Waits for <paramref name="ino"/>, and claims all of <paramref name="touched"/>: were the others granted exclusively in
    /// the meantime, a request on two busy directories would find now the one, now the other taken, for ever.
    /// </summary>
    public void Park(InodeId ino, MdsSession session, Request request, IEnumerable<InodeId> touched)
    {
        Counters.RequestsParked++;
        GetOrAdd(ino).Waiters.Enqueue(new ParkedRequest(session, request, Claim(touched), time.GetTimestamp()));
    }

    public DirectoryCaps[] Claim(IEnumerable<InodeId> touched)
    {
        DirectoryCaps[] claimed = [.. touched.Select(GetOrAdd)];
        foreach (DirectoryCaps directory in claimed)
            directory.Claims++;
        return claimed;
    }

    /// <summary>The turn has come of what claimed them: it claims nothing while it runs. Wake them afterwards.</summary>
    public void Unclaim(DirectoryCaps[] claimed)
    {
        foreach (DirectoryCaps directory in claimed)
            directory.Claims--;
    }

    /// <summary>Gives what may be given of <paramref name="wanted"/>; a message goes out when that is news to the session.</summary>
    public IssuedCap? Grant(MdsSession session, InodeId ino, CapBits wanted, bool always = false)
    {
        if (wanted == CapBits.None || describe(ino) is not { } now)
            return null;
        DirectoryCaps directory = GetOrAdd(ino);
        IssuedCap? cap = directory.Of(session);
        if (cap is null)
        {
            directory.Holders.Add(cap = new IssuedCap(session, directory));
            session.Caps.Add(ino, cap);
        }
        cap.Wanted |= wanted;
        if (cap.MayBeBelieved && (cap.Issued & CapBits.Fs) == 0)
            return cap; // Not before it has acked that it had to give it back: only then is it known what its readers are shown.
        CapBits bits = cap.Issued | (wanted & CapBits.Shared);
        if (!cap.IsRevoking && GrantsExclusive && session.MayUnlinkAhead && directory is { Holders.Count: 1, Claims: 0 })
            bits |= cap.Wanted & CapBits.Exclusive;
        if (bits == cap.Issued && !always)
            return cap;
        if ((cap.Issued & CapBits.Fs) == 0)
            cap.StartsAt(now.Version);
        cap.Issued = bits;
        cap.Implemented |= bits;
        Debug.Assert(directory.Holders.Count == 1 || (cap.Issued & CapBits.Exclusive) == 0, "an exclusive bit has one holder, and nobody else its shared twin");
        Counters.Grants++;
        session.Send(new CapGrant(ino, bits, ++cap.Seq, now.Version, now.Attributes) { IsUnsettled = directory.IsUnsettledFor(session) });
        return cap;
    }

    public void Revoke(IssuedCap cap, CapBits keep)
    {
        if ((cap.Issued & ~keep) == 0)
            return;
        cap.Issued &= keep;
        cap.Wanted &= keep | CapBits.Exclusive;
        if (cap.RevokedAt == 0)
            cap.RevokedAt = time.GetTimestamp();
        Counters.Revokes++;
        cap.Session.Send(new CapRevoke(cap.Directory.Ino, cap.Issued, ++cap.Seq));
    }

    public void OnAck(MdsSession session, CapAck ack)
    {
        // An ack of an older seq answers an older revoke; what counts is the last.
        if (!session.Caps.TryGetValue(ack.Ino, out IssuedCap? cap) || ack.Seq != cap.Seq)
            return;
        cap.Issued &= ack.Retained; // Bits that were never issued cannot be retained.
        cap.Implemented = cap.Issued;
        if (cap.RevokedAt != 0)
            Counters.RevokeLatency.Add(time.GetElapsedTime(cap.RevokedAt));
        cap.RevokedAt = 0;
        if (cap.Issued == CapBits.None)
            Remove(cap);
        else
            Wake(cap.Directory);
    }

    public void OnRelease(MdsSession session, CapRelease release)
    {
        if (session.Caps.TryGetValue(release.Ino, out IssuedCap? cap) && cap.Seq == release.Seq)
            Remove(cap);
    }

    public void OnDeltaAck(MdsSession session, DeltaAck ack)
    {
        if (session.Caps.TryGetValue(ack.Dir, out IssuedCap? cap))
            cap.Acked(ack.Version, time.GetTimestamp());
    }

    public void Remove(IssuedCap cap)
    {
        cap.AckAll();
        cap.Session.Caps.Remove(cap.Directory.Ino);
        cap.Directory.Holders.Remove(cap);
        Wake(cap.Directory);
    }

    public void RemoveAll(MdsSession session)
    {
        foreach (IssuedCap cap in session.Caps.Values.ToArray())
            Remove(cap);
    }

    /// <summary>
    /// A directory that no longer exists has no caps; its holders hear of it through the delta of its parent and this revoke. Their
    /// records go with the ack: until then they may not have seen its last deltas either.
    /// </summary>
    public void Forget(InodeId ino)
    {
        if (!_directories.TryGetValue(ino, out DirectoryCaps? directory))
            return;
        foreach (IssuedCap cap in directory.Holders.ToArray())
            Revoke(cap, CapBits.None);
    }

    /// <summary>Lets waiters run, or gives a sole holder back what it wants.</summary>
    public void Wake(DirectoryCaps directory)
    {
        if (directory.Waiters.Count > 0)
        {
            if (!directory.Holders.Exists(c => (c.Implemented & CapBits.Exclusive) != 0))
                Ready.Enqueue(directory);
        }
        else if (directory.Holders.Count == 1)
        {
            IssuedCap sole = directory.Holders[0];
            try
            {
                Grant(sole.Session, directory.Ino, sole.Wanted);
            }
            catch (StoreException)
            {
                // A gift, which nobody waits for: it stays with what it has.
            }
        }
        else if (directory is { Holders.Count: 0, Claims: 0 } && Find(directory.Ino) == directory)
        {
            _directories.Remove(directory.Ino);
        }
    }

    /// <summary>Requests of a directory whose turn has come, taken out so that they do not wait behind each other.</summary>
    public List<ParkedRequest> TakeWaiters(DirectoryCaps directory)
    {
        List<ParkedRequest> taken = [.. directory.Waiters];
        directory.Waiters.Clear();
        return taken;
    }

    private DirectoryCaps GetOrAdd(InodeId ino)
    {
        if (!_directories.TryGetValue(ino, out DirectoryCaps? directory))
            _directories.Add(ino, directory = new DirectoryCaps(ino));
        return directory;
    }
}
