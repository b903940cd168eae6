using Capstan.Mds.Namespace;
using Capstan.Shared;
using Capstan.Shared.Messages;

namespace Capstan.Mds.Admin;

/// <summary>Paths of the filesystem inside, as typed: '/' between names, bytes that are no UTF-8 as \xHH.</summary>
internal static class InsidePath
{
    public static List<FileName> Parse(string path)
    {
        List<FileName> names = [];
        foreach (string part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (FileName.TryParse(part, out FileName name) != FsErrno.Ok)
                throw new CommandException($"'{part}' in '{path}' is not a file name.");
            names.Add(name);
        }
        return names;
    }

    public static InodeId FindDirectory(NamespaceEngine engine, string path)
    {
        List<FileName> names = Parse(path);
        if (names.Count == 0)
            return InodeId.Root;
        OperationOutcome outcome = engine.Apply(Caller.Root, new LookupOperation(InodeId.Root, names, CapBits.None));
        if (outcome.Errno == FsErrno.NoEntry)
            throw new CommandException($"There is no '{path}' in the filesystem: '{names[outcome.Attributes.Count]}' is missing.");
        if (!outcome.IsOk || !outcome.Attributes[^1].IsDirectory)
            throw new CommandException($"'{path}' is not a directory of the filesystem.");
        return outcome.Attributes[^1].Ino;
    }

    /// <summary>As mkdir -p; in the group that is open.</summary>
    public static InodeId MakeDirectories(NamespaceEngine engine, string path)
    {
        InodeId at = InodeId.Root;
        foreach (FileName name in Parse(path))
        {
            OperationOutcome outcome = engine.Apply(Caller.Root, new LookupOperation(at, [name], CapBits.None));
            if (outcome.Errno == FsErrno.NoEntry)
                outcome = engine.Apply(Caller.Root, new MkdirOperation(at, name, 0x1ED));
            if (!outcome.IsOk || !outcome.Attributes[0].IsDirectory)
                throw new CommandException($"'{name}' in '{path}' is there and not a directory.");
            at = outcome.Attributes[0].Ino;
        }
        return at;
    }
}
