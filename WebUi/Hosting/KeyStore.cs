using Microsoft.AspNetCore.DataProtection;

namespace Capstan.WebUi.Hosting;

/// <summary>The keys that protect circuits and forms live with the data: a restart does not void open pages, and nothing is left in a home directory.</summary>
internal static class KeyStore
{
    public static WebApplicationBuilder AddKeyStore(this WebApplicationBuilder builder, CapstanOptions options)
    {
        string path = Path.Combine(Path.GetFullPath(options.Data), "keys");
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        builder.Services.AddDataProtection().SetApplicationName("Capstan").PersistKeysToFileSystem(new DirectoryInfo(path));
        // It warns that the keys are not encrypted at rest; only their owner can read them.
        builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
        return builder;
    }
}
