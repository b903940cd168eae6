using Capstan.ClientGateway;
using Capstan.Shared;

namespace Capstan.WebUi.ViewModels;

/// <summary>Letters typed on the list go to the first name that starts with them, as far as the view knows the neighbourhood.</summary>
public sealed class TypeAhead(DirectoryViewModel directory, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private string _text = "";
    private DateTimeOffset _last;

    public bool IsActive => _text.Length > 0 && time.GetUtcNow() - _last < Pause;

    public void Clear() => _text = "";

    public async Task<bool> TypeAsync(string letter)
    {
        _text = IsActive ? _text + letter : letter;
        _last = time.GetUtcNow();
        if (await FindAsync() is not { } row)
            return false;
        await directory.MoveCursorAsync(row.Rank, CursorMode.Select);
        return true;
    }

    private async Task<DirectoryRow?> FindAsync()
    {
        // Names are in bytewise order: the other case of the first letter is elsewhere.
        foreach (string prefix in new[] { _text, Cased(char.ToUpperInvariant), Cased(char.ToLowerInvariant) }.Distinct())
        {
            if (FileName.TryCreate(prefix, out FileName name) != FsErrno.Ok)
                continue;
            long rank = directory.View.FindRank(name);
            if (rank < 0 || rank >= directory.Count)
                continue;
            if (await directory.RowAtAsync(rank) is { } row && row.Entry.Name.ToString().StartsWith(_text, StringComparison.OrdinalIgnoreCase))
                return row;
        }
        return null;
    }

    private string Cased(Func<char, char> change) => change(_text[0]) + _text[1..];
}
