using Capstan.WebUi.DevHost;
using Capstan.WebUi.DevHost.Fakes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Capstan.Browser.Tests;

/// <summary>The web on a filesystem in memory that no other test touches.</summary>
public sealed class OwnApp : IAsyncDisposable
{
    private readonly WebApplication _app;

    private OwnApp(WebApplication app) => _app = app;

    public string Address => _app.Urls.First();

    public FakeFileSystem Files => (FakeFileSystem)_app.Services.GetRequiredService<ClientGateway.IFileSystemClient>();

    public static async Task<OwnApp> StartAsync(params string[] arguments)
    {
        WebApplication app = DevApp.Create(["--listen", "http://127.0.0.1:0", .. arguments], out _) ?? throw new InvalidOperationException("The web did not start.");
        await app.StartAsync();
        return new OwnApp(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
