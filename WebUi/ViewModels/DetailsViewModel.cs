using System.Text;
using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.WebUi.ViewModels.Properties;

namespace Capstan.WebUi.ViewModels;

/// <summary>What the details pane tells of: the one selected entry, a selection of many, or the open folder.</summary>
public sealed class DetailsViewModel(IFileSystemClient client, Caller caller)
{
    private const int XattrsShown = 64;

    private (DirectoryViewModel? Directory, long Selection, DirectoryEntry? Entry, ListingSnapshot? Listing, long Count) _seen;
    private InodeAttributes? _readFor;

    /// <summary>The one selected entry; null: the folder, or many.</summary>
    public DirectoryEntry? Entry { get; private set; }

    public long SelectedCount { get; private set; }

    /// <summary>Of the open folder.</summary>
    public ListingSnapshot? Listing { get; private set; }

    public IReadOnlyList<(string Name, string Value)> Xattrs { get; private set; } = [];

    public int XattrsLeftOut { get; private set; }

    public string? Target { get; private set; }

    public FsErrno ReadError { get; private set; }

    public bool IsReading { get; private set; }

    /// <summary>Looks at what is selected now; true when something is different.</summary>
    public bool Look(DirectoryViewModel? directory)
    {
        DirectoryEntry? single = directory?.Single()?.Entry;
        ListingSnapshot? listing = directory?.View.Describe();
        var now = (directory, directory?.Selection.Version ?? 0, single, listing, directory?.Count ?? 0);
        if (now == _seen)
            return false;
        _seen = now;
        Entry = single;
        Listing = listing;
        SelectedCount = directory?.Selection.Count ?? 0;
        return true;
    }

    /// <summary>Fetches what rows do not carry: xattrs and the target of a link. True when something came.</summary>
    public async Task<bool> FetchAsync(InodeId folder, CancellationToken cancellation)
    {
        if (Entry is not { } entry)
        {
            _readFor = null;
            return false;
        }
        if (_readFor == entry.Attributes)
            return false;
        _readFor = entry.Attributes;
        Xattrs = [];
        (XattrsLeftOut, Target, ReadError) = (0, null, FsErrno.Ok);
        if (entry.Attributes is { Xattrs: 0, Kind: not FileKind.Symlink })
            return true;
        InodeAddress address = new(folder, entry.Name, entry.Attributes.Ino);
        IsReading = true;
        try
        {
            if (entry.Attributes.Kind == FileKind.Symlink && await client.ReadLinkAsync(caller, address, cancellation) is { IsOk: true } target && _readFor == entry.Attributes)
                Target = NameText.Visible(Encoding.UTF8.GetString(target.Value!));
            if (entry.Attributes.Xattrs > 0)
                await ReadXattrsAsync(entry, address, cancellation);
        }
        finally
        {
            IsReading = false;
        }
        return true;
    }

    private async Task ReadXattrsAsync(DirectoryEntry entry, InodeAddress address, CancellationToken cancellation)
    {
        FsResult<IReadOnlyList<byte[]>> names = await client.ListXattrsAsync(caller, address, cancellation);
        if (_readFor != entry.Attributes)
            return;
        ReadError = names.Errno;
        if (!names.IsOk)
            return;
        IReadOnlyList<byte[]> first = [.. names.Value!.Take(XattrsShown)];
        FsResult<byte[]>[] values = await Task.WhenAll(first.Select(name => client.GetXattrAsync(caller, address, name, cancellation)));
        if (_readFor != entry.Attributes)
            return;
        XattrsLeftOut = names.Value!.Count - first.Count;
        Xattrs = [.. first.Zip(values, (name, value) => (NameText.Visible(Encoding.UTF8.GetString(name)), value.IsOk ? XattrValue.Short(value.Value!) : ErrorText.Of(value.Errno).Title))];
    }
}
