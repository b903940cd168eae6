using Capstan.Mds.Storage;

namespace Capstan.Mds.Tests.Storage;

public sealed class DataDirectoryLockTests
{
    [Fact]
    public void Acquire_WhileAnotherHoldsIt_IsRefusedWithAHint()
    {
        using TemporaryDirectory directory = new();
        using (DataDirectoryLock.Acquire(directory.Sub("data")))
        {
            DataDirectoryInUseException refused = Assert.Throws<DataDirectoryInUseException>(() => DataDirectoryLock.Acquire(directory.Sub("data")));
            Assert.Contains(directory.Sub("data"), refused.Message);
        }
        DataDirectoryLock.Acquire(directory.Sub("data")).Dispose();
    }
}
