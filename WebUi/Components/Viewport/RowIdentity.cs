using Capstan.Shared;
using Capstan.WebUi.ViewModels;

namespace Capstan.WebUi.Components.Viewport;

/// <summary>A row as the browser has it: never its place, which may be another's by now.</summary>
public readonly record struct RowIdentity(FileName Name, InodeId Ino)
{
    public static bool TryParse(string name, string ino, out RowIdentity row)
    {
        row = default;
        if (FilePath.TryDecodeName(name, out FileName decoded) != FsErrno.Ok || !ulong.TryParse(ino, out ulong number))
            return false;
        row = new RowIdentity(decoded, new InodeId(number));
        return true;
    }
}
