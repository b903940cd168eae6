using Capstan.ClientGateway.Views;
using Capstan.Shared;
using Capstan.Shared.Pages;

namespace Capstan.ClientGateway.Walks;

/// <summary>Which entries a search finds.</summary>
internal sealed class SearchMatcher(SearchSpec spec)
{
    private readonly NameFilter? _name = spec.Name.Length > 0 ? new NameFilter(spec.Name) : null;
    private byte[] _text = [];
    private int[] _ends = [];

    /// <summary>Calls <paramref name="found"/> with the index and the row of each entry of the page that matches. By one thread at a time.</summary>
    public void Scan(DirectoryPage page, Action<int, PageRow> found)
    {
        if (_name is null)
        {
            for (int i = 0; i < page.Count; i++)
                Look(i);
            return;
        }
        int length = page.CopyNames(ref _text, ref _ends);
        _name.Scan(_text.AsSpan(0, length), _ends.AsSpan(0, page.Count), Look);

        void Look(int index)
        {
            PageRow row = page.Row(index);
            if (Matches(row))
                found(index, row);
        }
    }

    public bool Matches(FileName name, in PageRow row) => (_name is null || _name.Matches(name.Span)) && Matches(row);

    private bool Matches(in PageRow row)
    {
        FileKind kind = (FileKind)(row.Mode >> 12);
        if (!spec.Kinds.HasFlag(KindOf(kind)))
            return false;
        if ((spec.MinSize is not null || spec.MaxSize is not null) && (kind != FileKind.File || row.Size < (spec.MinSize ?? 0) || row.Size > (spec.MaxSize ?? long.MaxValue)))
            return false;
        return row.MtimeNs >= (spec.ModifiedFromNs ?? long.MinValue) && (spec.ModifiedBeforeNs is not { } before || row.MtimeNs < before);
    }

    private static SearchKinds KindOf(FileKind kind) => kind switch
    {
        FileKind.File => SearchKinds.Files,
        FileKind.Directory => SearchKinds.Folders,
        FileKind.Symlink => SearchKinds.Links,
        _ => SearchKinds.Special,
    };
}
