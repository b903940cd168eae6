using Capstan.WebUi.DevHost;
using Capstan.WebUi.Hosting;

WebApplication? app = DevApp.Create(args, out int exitCode);
return app is null ? exitCode : await app.RunCapstanAsync(app.Services.GetRequiredService<CapstanOptions>());
