using Capstan.ClientGateway.Session;
using Capstan.TestKit;

namespace Capstan.ClientGateway.Tests.Session;

public sealed class GatewayNameTests
{
    [Fact]
    public void KeptIn_ADirectory_IsTheSameAtEveryStart()
    {
        using TempDirectory temp = new();
        string name = GatewayName.KeptIn(temp.Path);
        Assert.Equal(name, GatewayName.KeptIn(temp.Path));
        Assert.NotEqual(name, GatewayName.Fresh());
    }

    [Theory]
    [InlineData("")]
    [InlineData("  \n")]
    [InlineData("a\u0001b")]
    public void KeptIn_WhatIsNoName_IsReplaced(string damaged)
    {
        using TempDirectory temp = new();
        string file = temp.File("gateway-name");
        File.WriteAllText(file, damaged);
        string name = GatewayName.KeptIn(temp.Path);
        Assert.Equal(name, File.ReadAllText(file));
        Assert.Equal(name, GatewayName.KeptIn(temp.Path));
    }

    [Fact]
    public void KeptIn_WhatCannotBeWritten_IsAFreshNameEachTime()
    {
        string missing = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        Assert.NotEqual(GatewayName.KeptIn(missing), GatewayName.KeptIn(missing));
    }
}
