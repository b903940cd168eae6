using Capstan.Shared;

namespace Capstan.WebUi.ViewModels;

/// <summary>Where a symbolic link leads, worked out within our tree.</summary>
public static class SymlinkPath
{
    /// <summary>False when the target is no path of ours: empty, or climbing above the root. '/' at its start is our root.</summary>
    public static bool TryResolve(FilePath directory, ReadOnlySpan<byte> target, out FilePath path)
    {
        path = directory;
        if (target.IsEmpty)
            return false;
        List<FileName> names = target[0] == '/' ? [] : [.. directory.Names];
        foreach (Range part in target.Split((byte)'/'))
        {
            ReadOnlySpan<byte> name = target[part];
            if (name.IsEmpty || name.SequenceEqual("."u8))
                continue;
            if (name.SequenceEqual(".."u8))
            {
                if (names.Count == 0)
                    return false;
                names.RemoveAt(names.Count - 1);
            }
            else if (FileName.TryCreate(name, out FileName made) == FsErrno.Ok)
            {
                names.Add(made);
            }
            else
            {
                return false;
            }
        }
        path = new FilePath(names);
        return true;
    }
}
