using Capstan.Mds.Storage;
using Capstan.Mds.Storage.Sqlite;
using Capstan.Shared;
using Capstan.Shared.Messages;
using Microsoft.Extensions.Logging.Abstractions;

namespace Capstan.Mds.Tests.Storage;

public sealed class WalCheckpointerTests
{
    [Fact]
    public void Checkpoint_MovesTheLogIntoTheFile_UnlessAReaderNeedsIt()
    {
        using EngineFixture fs = new();
        string path = Path.Combine(fs.Options.DataDirectory, "namespace.db");
        using WalCheckpointer checkpointer = new(path, fs.Options, fs.Time, NullLogger.Instance);
        InodeId dir = fs.Mkdir(InodeId.Root, "d");
        Fill("a");
        Assert.Equal(0, checkpointer.Checkpoint().Left);
        long size = new FileInfo(path).Length;
        Assert.True(size > 50 * 4096, $"The file has {size} bytes.");

        using (INamespaceSnapshot snapshot = fs.Store.OpenSnapshot())
        {
            Fill("b");
            Assert.True(checkpointer.Checkpoint().Left > 0);
        }
        Assert.Equal(0, checkpointer.Checkpoint().Left);
        fs.AssertClean();

        void Fill(string prefix) => fs.InGroup(() =>
        {
            for (int i = 0; i < 3000; i++)
                Assert.True(fs.Engine.Apply(Caller.Root, new CreateOperation(dir, FileName.Create($"{prefix}-{i:D6}-with-a-long-enough-name"), 0, true)).IsOk);
        });
    }
}
