namespace Capstan.ClientGateway.Session;

/// <summary>
/// By what the MDS knows a gateway. A new session under a name ends the older one of that name, so that a gateway which was killed and is started again has back at
/// once what it held, and waits for no lease. That is right only while one process at a time has the name: it is kept in the directory that one gateway has for itself.
/// </summary>
internal static class GatewayName
{
    private const int MaxLength = 200;

    public static string Fresh() => $"{Environment.MachineName}-{Guid.NewGuid().ToString("N")[..8]}";

    /// <summary>The name kept in a directory that no other process uses; a fresh one is kept there the first time.</summary>
    public static string KeptIn(string directory)
    {
        string path = Path.Combine(directory, "gateway-name");
        try
        {
            if (File.Exists(path) && File.ReadAllText(path).Trim() is var kept && kept.Length is > 0 and <= MaxLength && kept.All(c => c is > ' ' and <= '~'))
                return kept;
            string name = Fresh();
            File.WriteAllText(path + ".new", name);
            File.Move(path + ".new", path, overwrite: true);
            return name;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Fresh(); // The next start waits for the lease of this one.
        }
    }
}
