using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.WebUi.ViewModels.Preview;

namespace Capstan.WebUi.ViewModels.Search;

/// <summary>Through what a search has found.</summary>
public sealed class SearchPreview(IFileSystemClient client, Caller caller, SearchViewModel search) : IPreviewWalk
{
    public async Task<PreviewItem?> HereAsync(CancellationToken cancellation)
    {
        if (search.RowAt(search.Picker.Cursor) is not { } row)
            return null;
        FilePath path = search.PathOf(row);
        return await PreviewItem.OfAsync(client, caller, path, row.Entry, search.Picker.Cursor, search.Count, cancellation);
    }

    public async Task<PreviewItem?> MoveAsync(int by, CancellationToken cancellation)
    {
        int to = search.Picker.Cursor + by;
        if (to < 0 || to >= search.Count)
            return null;
        search.Picker.Select(to);
        return await HereAsync(cancellation);
    }
}
