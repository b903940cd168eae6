namespace Capstan.WebUi.Hosting;

/// <summary>Names of users and groups as this host knows them (passwd, group), to be shown beside the numbers. Read once.</summary>
public sealed class HostNames
{
    private readonly Lazy<Dictionary<uint, string>> _users = new(() => Read("/etc/passwd"));
    private readonly Lazy<Dictionary<uint, string>> _groups = new(() => Read("/etc/group"));

    /// <summary>Null when the host has no name for it.</summary>
    public string? User(uint uid) => _users.Value.GetValueOrDefault(uid);

    public string? Group(uint gid) => _groups.Value.GetValueOrDefault(gid);

    private static Dictionary<uint, string> Read(string path)
    {
        Dictionary<uint, string> names = [];
        try
        {
            foreach (string[] fields in File.ReadLines(path).Select(line => line.Split(':')))
            {
                if (fields.Length > 2 && uint.TryParse(fields[2], out uint id))
                    names.TryAdd(id, fields[0]);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Numbers alone, then.
        }
        return names;
    }
}
