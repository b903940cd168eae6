using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Capstan.WebUi.Hosting;

/// <summary>The command line, read into configuration keys. <c>--Some:Key=value</c> sets any other key of the configuration.</summary>
internal static class CommandLine
{
    private const int MaxRetention = 36_500;

    // What test hosts pass to every web program.
    private static readonly string[] HostKeys = ["environment", "contentRoot", "applicationName"];

    /// <summary>False when the program is to end at once (help, version, a mistake): with <paramref name="exitCode"/>.</summary>
    public static bool TryParse(string[] args, out Dictionary<string, string?> settings, out int exitCode)
    {
        Option<string> data = new("--data") { Description = "Directory of the embedded metadata server's store (default ./data).", HelpName = "DIR" };
        Option<string> import = new("--import") { Description = "Host directory to copy into an empty store at the first start.", HelpName = "HOSTDIR" };
        Option<string> mds = new("--mds") { Description = "Address of a metadata server elsewhere; without it one is embedded.", HelpName = "ADDRESS" };
        Option<string> listen = new("--listen") { Description = $"Where browsers reach us; loopback only (default {CapstanOptions.DefaultListen}; port 0: any free one).", HelpName = "URL" };
        Option<string> redis = new("--redis") { Description = "Redis that several web servers share as a second level of cached listings; optional.", HelpName = "HOST:PORT" };
        Option<int?> retention = new("--trash-retention") { Description = "Days after which the embedded metadata server deletes for good what is in the trash (default 30; 0: never).", HelpName = "DAYS" };
        retention.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < 0 or > MaxRetention)
                result.AddError($"--trash-retention: give a number of days from 0 to {MaxRetention}.");
        });
        RootCommand command = new("Capstan: a file manager in the browser for a filesystem that is far away.") { data, import, mds, listen, redis, retention };

        settings = [];
        exitCode = ExitCodes.Ok;
        ParseResult parsed = command.Parse([.. args.Where(a => !IsConfigurationKey(a))]);
        if (parsed.Errors.Count > 0 || parsed.Action is not null)
        {
            int shown = parsed.Invoke();
            exitCode = parsed.Errors.Count > 0 ? ExitCodes.BadConfiguration : shown;
            return false;
        }

        foreach ((Option<string> option, string key) in new[] { (data, "Data"), (import, "Import"), (mds, "Mds"), (listen, "Listen"), (redis, "Redis") })
            if (parsed.GetValue(option) is string value)
                settings[$"{CapstanOptions.Section}:{key}"] = value;
        if (parsed.GetValue(retention) is int days)
            settings[$"{CapstanOptions.Section}:{nameof(CapstanOptions.TrashRetention)}"] = days.ToString(CultureInfo.InvariantCulture);
        return true;
    }

    /// <summary>The assembly's own name, so that static assets are found however the program is hosted.</summary>
    public static WebApplicationOptions HostOptions(string[] args) => new()
    {
        Args = [.. args.Where(IsConfigurationKey)],
        ApplicationName = typeof(CommandLine).Assembly.GetName().Name,
        // Started from somewhere else: settings and assets lie beside the program.
        ContentRootPath = File.Exists("appsettings.json") ? null : AppContext.BaseDirectory,
    };

    private static bool IsConfigurationKey(string argument)
    {
        int equals = argument.IndexOf('=');
        if (!argument.StartsWith("--", StringComparison.Ordinal) || equals < 0)
            return false;
        string key = argument[2..equals];
        return key.Contains(':') || HostKeys.Contains(key, StringComparer.OrdinalIgnoreCase);
    }
}
