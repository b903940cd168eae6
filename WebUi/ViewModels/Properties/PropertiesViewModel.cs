using System.Globalization;
using System.Text;
using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.Shared.Messages;

namespace Capstan.WebUi.ViewModels.Properties;

/// <summary>Attributes of one entry, or what a selection has in common, wherever its parts lie; read from the MDS, changed at once or as a job.</summary>
public sealed class PropertiesViewModel(IFileSystemClient client, Caller caller, IReadOnlyList<(InodeId Directory, DirectoryEntry Entry)> items)
{
    /// <summary>Entries of several folders that are looked up when their properties are opened; of a larger selection it is shown how it was found, and each is looked up when it is changed.</summary>
    private const int MaxLookedUp = 1000;

    private const string MomentFormat = "yyyy-MM-dd'T'HH:mm:ss";

    private string _shownUid = "";
    private string _shownGid = "";
    private string _shownMoment = "";
    private string _shownTarget = "";

    private InodeAttributes[] _now = [.. items.Select(i => i.Entry.Attributes)];

    /// <summary>The one entry as it is now; null for a selection.</summary>
    public InodeAttributes? One => items.Count == 1 ? _now[0] : null;

    public int Count => items.Count;

    /// <summary>Folders that the selection lies in.</summary>
    public int Places { get; } = items.Select(i => i.Directory).Distinct().Count();

    public int Folders => _now.Count(a => a.IsDirectory);

    public bool HasFolders => Folders > 0;

    /// <summary>Of the files.</summary>
    public long Bytes => _now.Sum(a => a.Kind == FileKind.File ? a.Size : 0);

    public ModeBits Mode { get; private set; } = new(items.Select(i => i.Entry.Attributes.Mode));

    public string Uid { get; set; } = "";

    public string Gid { get; set; } = "";

    /// <summary>Of last modification, in UTC, as a date-and-time field has it.</summary>
    public string Moment { get; set; } = "";

    /// <summary>Of a symlink.</summary>
    public string Target { get; set; } = "";

    /// <summary>All that is under folders, too.</summary>
    public bool Enclosed { get; set; }

    /// <summary>In what is enclosed, files become executable only where they are for somebody.</summary>
    public bool ExecuteWhereItIs { get; set; } = true;

    public List<(byte[] Name, byte[] Value)> Xattrs { get; } = [];

    public string? Problem { get; set; }

    private InodeAddress Address => new(items[0].Directory, items[0].Entry.Name, items[0].Entry.Attributes.Ino);

    public async Task OpenAsync(CancellationToken cancellation = default)
    {
        if (items.Count == 1)
        {
            FsResult<InodeAttributes> now = await client.GetAttributesAsync(caller, Address, cancellation);
            if (!now.IsOk)
            {
                Problem = ErrorText.Of(now.Errno).Sentence;
                return;
            }
            _now = [now.Value!];
            await ReadXattrsAsync(cancellation);
            if (_now[0].Kind == FileKind.Symlink && await client.ReadLinkAsync(caller, Address, cancellation) is { IsOk: true, Value: { } target })
                Target = _shownTarget = FileName.FromTrusted(target).ToString();
        }
        else if (Places > 1 && items.Count <= MaxLookedUp)
        {
            // In a folder that is open they are as they are; what was found in others may have changed since.
            FsResult<InodeAttributes>[] found = await Task.WhenAll(items.Select(i => client.GetAttributesAsync(caller, new InodeAddress(i.Directory, i.Entry.Name, i.Entry.Attributes.Ino), cancellation)));
            _now = [.. _now.Select((was, at) => found[at].IsOk ? found[at].Value! : was)];
        }
        Mode = new ModeBits(_now.Select(a => a.Mode));
        Uid = _shownUid = Common(a => a.Uid.ToString(CultureInfo.InvariantCulture));
        Gid = _shownGid = Common(a => a.Gid.ToString(CultureInfo.InvariantCulture));
        Moment = _shownMoment = Common(a => TimeText.FromNs(a.MtimeNs).UtcDateTime.ToString(MomentFormat, CultureInfo.InvariantCulture));
    }

    /// <summary>True when all of it was done, or is under way as a job.</summary>
    public async Task<bool> SaveAsync()
    {
        Problem = null;
        if (!TryRead(out AttributeChange change))
            return false;
        if (Target != _shownTarget && !await ReplaceTargetAsync())
            return false;
        if (change.IsEmpty)
            return true;
        if (items.Count > 1 || (Enclosed && HasFolders))
        {
            client.ChangeAttributes(caller, items, change, Enclosed && HasFolders);
            return true;
        }
        SetAttrOperation request = new(Address)
        {
            Mode = Mode.Set == 0 && Mode.Cleared == 0 ? null : Mode.Mode,
            Uid = change.Uid,
            Gid = change.Gid,
            MtimeNs = change.MtimeNs,
        };
        FsResult<InodeAttributes> changed = await client.SetAttributesAsync(caller, request);
        Problem = changed.IsOk ? null : ErrorText.Of(changed.Errno).Sentence;
        return changed.IsOk;
    }

    public async Task<bool> SetXattrAsync(string name, string value, bool isNew)
    {
        if (name.Length == 0 || !XattrValue.TryParse(value, out byte[] bytes))
        {
            Problem = name.Length == 0 ? "An attribute has a name, like user.comment." : "After 0x come pairs of hexadecimal digits.";
            return false;
        }
        return await ChangedAsync(await client.SetXattrAsync(caller, Address, Encoding.UTF8.GetBytes(name), bytes, isNew ? XattrMode.Create : XattrMode.Either), name);
    }

    public async Task<bool> RemoveXattrAsync(byte[] name) => await ChangedAsync(await client.RemoveXattrAsync(caller, Address, name), Encoding.UTF8.GetString(name));

    private async Task<bool> ChangedAsync(FsErrno errno, string name)
    {
        Problem = errno switch
        {
            FsErrno.Ok => null,
            FsErrno.Exists => $"There is an attribute {NameText.Visible(name)} already: change that one.",
            FsErrno.NotSupported => $"The server does not keep attributes of that kind: begin the name with “user.”.",
            _ => $"{NameText.Visible(name)}: {ErrorText.Of(errno).Sentence}",
        };
        await ReadXattrsAsync(CancellationToken.None);
        return errno == FsErrno.Ok;
    }

    private async Task ReadXattrsAsync(CancellationToken cancellation)
    {
        Xattrs.Clear();
        if (await client.ListXattrsAsync(caller, Address, cancellation) is not { IsOk: true, Value: { } names })
            return;
        foreach (byte[] name in names)
        {
            if (await client.GetXattrAsync(caller, Address, name, cancellation) is { IsOk: true, Value: { } value })
                Xattrs.Add((name, value));
        }
    }

    private bool TryRead(out AttributeChange change)
    {
        change = new AttributeChange();
        uint? uid = null, gid = null;
        long? mtime = null;
        if (Uid.Trim() != _shownUid && !TryId(Uid, out uid))
            Problem = "An owner is a number, like 1000.";
        else if (Gid.Trim() != _shownGid && !TryId(Gid, out gid))
            Problem = "A group is a number, like 1000.";
        else if (Moment != _shownMoment && !TryMoment(Moment, out mtime))
            Problem = "This is not a date and time.";
        if (Problem is not null)
            return false;
        change = new AttributeChange { SetBits = Mode.Set, ClearBits = Mode.Cleared, ExecuteWhereItIs = Enclosed && ExecuteWhereItIs, Uid = uid, Gid = gid, MtimeNs = mtime };
        return true;
    }

    /// <summary>A link is what it leads to, so it is made anew under another name and then takes its place in one step.</summary>
    private async Task<bool> ReplaceTargetAsync()
    {
        FileName made = FileName.Create($".{Guid.NewGuid():N}.link");
        byte[] target = Encoding.UTF8.GetBytes(Target);
        // Still the one that is shown?
        FsErrno errno = target.Length == 0 ? FsErrno.Invalid : (await client.GetAttributesAsync(caller, Address)).Errno;
        if (errno == FsErrno.Ok)
        {
            FsResult<InodeAttributes?> link = await client.MakeSymlink(caller, items[0].Directory, made, target).Completion;
            errno = link.Errno;
            if (link.IsOk)
            {
                errno = (await client.Rename(caller, new InodeAddress(items[0].Directory, made, link.Value!.Ino), items[0].Directory, items[0].Entry.Name, noReplace: false).Completion).Errno;
                if (errno != FsErrno.Ok)
                    await client.Remove(caller, items[0].Directory, new DirectoryEntry(made, link.Value!)).Completion;
            }
        }
        Problem = errno == FsErrno.Ok ? null : $"The link was not changed. {ErrorText.Of(errno).Sentence}";
        return errno == FsErrno.Ok;
    }

    private static bool TryId(string text, out uint? id)
    {
        bool isOne = uint.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out uint number) && number != uint.MaxValue;
        id = number;
        return isOne;
    }

    private static bool TryMoment(string text, out long? ns)
    {
        bool isOne = DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTime moment) && moment.Year is > 1700 and < 2260;
        ns = isOne ? (moment - DateTime.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick : null;
        return isOne;
    }

    private string Common(Func<InodeAttributes, string> text)
    {
        string first = text(_now[0]);
        return _now.All(a => text(a) == first) ? first : "";
    }
}
