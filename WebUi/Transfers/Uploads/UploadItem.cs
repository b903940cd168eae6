using System.Globalization;
using Capstan.WebUi.ViewModels;

namespace Capstan.WebUi.Transfers.Uploads;

/// <summary>One of many files in a JSON list, with the keys of Upload-Metadata.</summary>
/// <param name="Set">The upload set that it belongs to, if any, and its place in that.</param>
internal sealed record UploadItem(string? Path, long Size, long? Mtime, string? Type, string? Conflict, string? Set = null, int At = 0)
{
    public bool TryPlan(FilePath folder, uint uid, out UploadPlan plan)
    {
        bool isValid = UploadPlan.TryCreate(folder, Path, Type, Mtime?.ToString(CultureInfo.InvariantCulture), Conflict, Size, uid, out plan);
        if (isValid)
            plan = plan with { Set = Set, At = At };
        return isValid;
    }
}
