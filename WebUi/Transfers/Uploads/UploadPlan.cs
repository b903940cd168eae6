using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Capstan.Shared;
using Capstan.WebUi.ViewModels;

namespace Capstan.WebUi.Transfers.Uploads;

/// <summary>What to do when the name is taken.</summary>
internal enum ConflictRule
{
    /// <summary>Refuse, and say what is there.</summary>
    Ask,
    Replace,
    KeepBoth,
    Skip,
}

/// <summary>Where an upload is to go. Nothing in it is trusted: names are checked as the filesystem's are.</summary>
/// <param name="Folder">The folder that the user dropped it on; it is there.</param>
/// <param name="Path">From there: folders that are made when they are missing, and the name.</param>
/// <param name="IsFolder">An empty folder: no bytes follow.</param>
internal sealed record UploadPlan(FilePath Folder, FilePath Path, bool IsFolder, long Length, long? MtimeNs, ConflictRule OnConflict, uint Uid)
{
    /// <summary>The upload set that it belongs to, and its place in that; null for one on its own.</summary>
    public string? Set { get; init; }

    public int At { get; init; }

    /// <param name="metadata">The tus header Upload-Metadata: "key base64,key base64". Keys: path (names percent-encoded, with '/'), type ("folder"), mtime (ms since 1970), conflict; set and at for one of many.</param>
    public static bool TryCreate(FilePath folder, string? metadata, long length, uint uid, out UploadPlan plan)
    {
        plan = null!;
        if (!TryRead(metadata, out Dictionary<string, string> values) || !TryCreate(
            folder, values.GetValueOrDefault("path"), values.GetValueOrDefault("type"), values.GetValueOrDefault("mtime"), values.GetValueOrDefault("conflict"), length, uid, out plan))
            return false;
        if (values.TryGetValue("set", out string? set) && int.TryParse(values.GetValueOrDefault("at"), NumberStyles.None, CultureInfo.InvariantCulture, out int at))
            plan = plan with { Set = set, At = at };
        return true;
    }

    public static bool TryCreate(FilePath folder, string? encoded, string? type, string? mtime, string? conflict, long length, uint uid, out UploadPlan plan)
    {
        plan = null!;
        if (length < 0 || encoded is null || !FilePath.TryParse(encoded, out FilePath path) || path.IsRoot)
            return false;
        long? mtimeNs = null;
        if (mtime is not null)
        {
            if (!long.TryParse(mtime, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long ms) || Math.Abs(ms) > long.MaxValue / 1_000_000)
                return false;
            mtimeNs = ms * 1_000_000;
        }
        bool isFolder = type == "folder";
        if (isFolder && length != 0)
            return false;
        plan = new UploadPlan(folder, path, isFolder, length, mtimeNs, RuleOf(conflict), uid);
        return true;
    }

    public static ConflictRule RuleOf(string? text) => text switch
    {
        "replace" => ConflictRule.Replace,
        "keep-both" => ConflictRule.KeepBoth,
        "skip" => ConflictRule.Skip,
        _ => ConflictRule.Ask,
    };

    public static string WordOf(ConflictRule rule) => rule switch
    {
        ConflictRule.Replace => "replace",
        ConflictRule.KeepBoth => "keep-both",
        ConflictRule.Skip => "skip",
        _ => "ask",
    };

    private static bool TryRead(string? metadata, out Dictionary<string, string> values)
    {
        values = [];
        foreach (string pair in (metadata ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            string[] parts = pair.Split(' ', 2);
            string text = parts.Length > 1 ? parts[1] : "";
            if (!Base64.IsValid(text) || !values.TryAdd(parts[0], Encoding.UTF8.GetString(Convert.FromBase64String(text))))
                return false;
        }
        return true;
    }
}
