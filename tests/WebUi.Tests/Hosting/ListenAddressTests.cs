using Capstan.WebUi.Hosting;
using Microsoft.Extensions.Configuration;

namespace Capstan.WebUi.Tests.Hosting;

public sealed class ListenAddressTests
{
    [Theory]
    [InlineData("http://127.0.0.1:5080", "http://127.0.0.1:5080")]
    [InlineData("http://localhost:0", "http://127.0.0.1:0")]
    [InlineData("http://[::1]:81/", "http://[::1]:81")]
    [InlineData("http://127.9.9.9", "http://127.9.9.9:80")]
    public void TryParse_Loopback_IsTaken(string text, string url)
    {
        Assert.True(ListenAddress.TryParse(text, out ListenAddress? address, out _));
        Assert.Equal(url, address.Url);
    }

    [Theory]
    [InlineData("http://0.0.0.0:5080")]
    [InlineData("http://[::]:5080")]
    [InlineData("http://*:5080")]
    [InlineData("http://+:5080")]
    [InlineData("http://192.168.1.2:5080")]
    [InlineData("http://example.org")]
    [InlineData("http://localhost.example.org")]
    [InlineData("https://127.0.0.1:5080")]
    [InlineData("127.0.0.1:5080")]
    [InlineData("http://127.0.0.1:5080/base")]
    [InlineData("http://127.0.0.1:99999")]
    [InlineData("")]
    public void TryParse_AnythingElse_IsRefusedInWords(string text)
    {
        Assert.False(ListenAddress.TryParse(text, out _, out string? problem));
        Assert.EndsWith(".", problem);
    }

    [Fact]
    public void Problem_KestrelEndpointInTheConfiguration_IsRefused()
    {
        IConfiguration configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["Kestrel:Endpoints:Other:Url"] = "http://0.0.0.0:80" }).Build();

        Assert.NotNull(LoopbackOnly.Problem(configuration, new CapstanOptions()));
    }

    [Fact]
    public void TryParse_CommandLine_BecomesConfiguration()
    {
        Assert.True(CommandLine.TryParse(["--data", "/d", "--listen", "http://127.0.0.1:0", "--Capstan:Identity:Uid=5", "--environment=Development"], out Dictionary<string, string?> settings, out _));

        Assert.Equal("/d", settings["Capstan:Data"]);
        Assert.Equal("http://127.0.0.1:0", settings["Capstan:Listen"]);
        Assert.Equal(2, settings.Count);
    }

    [Fact]
    public void TryParse_UnknownOption_EndsWithAnExitCode()
    {
        Assert.False(CommandLine.TryParse(["--dta", "/d"], out _, out int exitCode));
        Assert.Equal(ExitCodes.BadConfiguration, exitCode);
    }

    [Fact]
    public void Caller_AnotherUid_DoesNotInheritGroups()
    {
        Capstan.Shared.Caller caller = new ConfiguredCaller(new IdentityOptions { Uid = 4_000_000 }).Caller;

        Assert.Equal((4_000_000u, 4_000_000u), (caller.Uid, caller.Gid));
        Assert.Empty(caller.Groups);
    }
}
