using Capstan.Mds.Storage;
using Capstan.Shared;

namespace Capstan.Mds.Content;

/// <summary>Turns what .NET throws for a full or failing disk into what the filesystem answers.</summary>
internal static class Disk
{
    private const int OutOfSpace = 28; // ENOSPC
    private const int OverQuota = 122; // EDQUOT

    public static T Try<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Translate(failure);
        }
    }

    public static void Try(Action action) => Try(() =>
    {
        action();
        return true;
    });

    public static StoreException Translate(Exception failure) =>
        new(failure.HResult is OutOfSpace or OverQuota ? FsErrno.NoSpace : FsErrno.Io, failure.Message);
}
