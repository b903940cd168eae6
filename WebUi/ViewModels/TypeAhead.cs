using Capstan.ClientGateway;
using Capstan.Shared;

namespace Capstan.WebUi.ViewModels;

/// <summary>Letters typed on the list go to the first name that starts with them.</summary>
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
        // One letter again and again goes from row to row.
        if (await directory.FindPrefixAsync(_text, directory.Cursor + (_text.Length == 1 ? 1 : 0)) is { } rank)
        {
            if (rank < 0)
                return false;
            await directory.MoveCursorAsync(rank, CursorMode.Select);
            return true;
        }
        if (await FindAsync() is not { } row)
            return false;
        await directory.MoveCursorAsync(row.Rank, CursorMode.Select);
        return true;
    }

    private async Task<DirectoryRow?> FindAsync()
    {
        foreach (string prefix in Spellings().Distinct())
        {
            if (FileName.TryCreate(prefix, out FileName name) != FsErrno.Ok)
                continue;
            long rank = await directory.RankOfAsync(name);
            if (rank < 0 || rank >= directory.Count)
                continue;
            if (await directory.RowAtAsync(rank) is { } row && row.Entry.Name.ToString().StartsWith(_text, StringComparison.OrdinalIgnoreCase))
                return row;
        }
        return null;
    }

    /// <summary>Names are in bytewise order, so other cases of the same letters are elsewhere.</summary>
    private IEnumerable<string> Spellings()
    {
        // As the name that the letters before have led to spells them.
        string at = directory.AtCursor()?.Entry.Name.ToString() ?? "";
        if (_text.Length > 1 && at.Length >= _text.Length - 1 && at.StartsWith(_text[..^1], StringComparison.OrdinalIgnoreCase))
        {
            string led = at[..(_text.Length - 1)];
            yield return led + _text[^1];
            yield return led + char.ToUpperInvariant(_text[^1]);
            yield return led + char.ToLowerInvariant(_text[^1]);
        }
        yield return _text;
        yield return char.ToUpperInvariant(_text[0]) + _text[1..];
        yield return char.ToLowerInvariant(_text[0]) + _text[1..];
        yield return _text.ToUpperInvariant();
        yield return _text.ToLowerInvariant();
    }
}
