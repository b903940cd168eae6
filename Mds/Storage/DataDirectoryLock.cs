namespace Capstan.Mds.Storage;

/// <summary>Exclusive use of a data directory, by an advisory lock that the system drops when the process dies.</summary>
public sealed class DataDirectoryLock : IDisposable
{
    private readonly FileStream _file;

    private DataDirectoryLock(FileStream file) => _file = file;

    /// <summary>Makes the directory when it is not there; throws <see cref="DataDirectoryInUseException"/> when another MDS has it.</summary>
    public static DataDirectoryLock Acquire(string dataDirectory)
    {
        Directory.CreateDirectory(dataDirectory);
        string path = Path.Combine(dataDirectory, "lock");
        try
        {
            return new DataDirectoryLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException) when (File.Exists(path))
        {
            throw new DataDirectoryInUseException(dataDirectory);
        }
    }

    public void Dispose() => _file.Dispose();
}
