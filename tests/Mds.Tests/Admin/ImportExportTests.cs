using System.Net.Sockets;
using Capstan.TestKit;
using Capstan.Mds.Admin;
using Capstan.Mds.Posix;
using Capstan.Mds.Storage;
using Microsoft.Win32.SafeHandles;

namespace Capstan.Mds.Tests.Admin;

public sealed class ImportExportTests : IDisposable
{
    private readonly TemporaryDirectory _temporary = new();
    private readonly ManualTime _time = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void ImportThenExport_EveryKindOfFile_GivesTheSameTree()
    {
        string source = MakeTree();
        using (DataDirectory data = Open(create: true))
        {
            TransferReport report = new Importer(data).Run(source, "/a/b", null, CancellationToken.None);
            Assert.Empty(report.Errors);
            Assert.Equal((5L, 3L, 2L, 2L), (report.Files, report.Directories, report.Symlinks, report.HardLinks));
            AssertClean(data);
        }
        using (DataDirectory data = Open(create: false))
        {
            TransferReport report = new Exporter(data).Run("/a/b", _temporary.Sub("out"), null, CancellationToken.None);
            Assert.Empty(report.Errors);
            Assert.Equal((5L, 3L, 2L, 2L), (report.Files, report.Directories, report.Symlinks, report.HardLinks));
        }
        Assert.Equal(HostTree.Describe(source), HostTree.Describe(_temporary.Sub("out")));
    }

    [Fact]
    public void Import_Again_LeavesWhatIsThere_AndTellsWhatDiffers()
    {
        string source = MakeTree();
        using DataDirectory data = Open(create: true);
        new Importer(data).Run(source, "/", null, CancellationToken.None);
        File.AppendAllText(Path.Combine(source, "empty"), "now not");
        TransferReport again = new Importer(data).Run(source, "/", null, CancellationToken.None);
        Assert.Equal((0L, 8L), (again.Files, again.Unchanged));
        Assert.Contains("/empty: something else of that name is there already", Assert.Single(again.Errors));
        AssertClean(data);
    }

    [Fact]
    public void Import_MoreThanABatch_ReportsProgress_AndSkipsSockets()
    {
        string source = _temporary.Sub("many");
        Directory.CreateDirectory(source);
        for (int i = 0; i < 5_000; i++)
            File.Create(Path.Combine(source, $"f{i}")).Dispose();
        using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(Path.Combine(source, "socket")));
        Progress progress = new();
        using DataDirectory data = Open(create: true);
        TransferReport report = new Importer(data).Run(source, "/", progress, CancellationToken.None);
        Assert.Equal((5_000L, 1L), (report.Files, report.Skipped));
        Assert.Equal(new TransferProgress(5_001, 5_001, 0, 0), progress.Seen[^1]);
        Assert.True(progress.Seen.Count > 10);
        AssertClean(data);
    }

    [Fact]
    public void Import_Cancelled_KeepsWhatWasCommitted_AndNothingHalf()
    {
        string source = MakeTree();
        using CancellationTokenSource cancellation = new();
        cancellation.Cancel();
        using DataDirectory data = Open(create: true);
        Assert.ThrowsAny<OperationCanceledException>(() => new Importer(data).Run(source, "/", null, cancellation.Token));
        AssertClean(data);
    }

    [Fact]
    public void Commands_ThatCannotRun_SayWhy()
    {
        Assert.Contains("not a data directory", Assert.Throws<CommandException>(() => Open(create: false)).Message);
        using DataDirectory data = Open(create: true);
        Assert.Throws<DataDirectoryInUseException>(() => Open(create: true));
        File.WriteAllText(_temporary.Sub("file"), "");
        Assert.Contains("is not a directory", Import(_temporary.Sub("file"), "/"));
        Assert.Contains("no directory", Import(_temporary.Sub("none"), "/"));
        Assert.Contains("not a file name", Import(_temporary.Path, "/a/../b"));
        Assert.Contains("'none' is missing", Assert.Throws<CommandException>(() => new Exporter(data).Run("/none", _temporary.Sub("out"), null, CancellationToken.None)).Message);
        AssertClean(data);

        string Import(string from, string to) => Assert.Throws<CommandException>(() => new Importer(data).Run(from, to, null, CancellationToken.None)).Message;
    }

    private DataDirectory Open(bool create) => DataDirectory.Open(_temporary.Sub("data"), _time, create);

    private static void AssertClean(DataDirectory data) => Assert.Equal([], new Checker(data).Run().Findings);

    private string MakeTree()
    {
        string path = _temporary.Sub("source");
        Directory.CreateDirectory(path);
        using HostDirectory root = HostDirectory.Open(path);
        root.MakeDirectory("dir"u8.ToArray());
        root.MakeDirectory([0xC3, 0x28]);
        using HostDirectory dir = root.OpenDirectory("dir"u8.ToArray());
        dir.MakeDirectory("deeper"u8.ToArray());
        using HostDirectory deeper = dir.OpenDirectory("deeper"u8.ToArray());

        Write(root, "empty"u8.ToArray(), 0);
        Write(root, [0xFF, 0xFE, (byte)'x'], 10);
        Write(dir, "large"u8.ToArray(), 600_000);
        Write(deeper, Enumerable.Repeat((byte)'n', 255).ToArray(), 1);
        Write(deeper, "shared"u8.ToArray(), 100);
        root.MakeLink(root, "dir/deeper/shared"u8.ToArray(), "another-name"u8.ToArray());
        dir.MakeLink(root, "dir/deeper/shared"u8.ToArray(), "third-name"u8.ToArray());
        root.MakeSymlink([0xFF, (byte)'/', 0xFE], "link"u8.ToArray());
        dir.MakeSymlink("../empty"u8.ToArray(), "up"u8.ToArray());

        root.ChangeMode("empty"u8.ToArray(), 0xC00 | 0x124);
        deeper.ChangeTimes("shared"u8.ToArray(), 1_000_000_001, -1_500_000_000);
        root.ChangeTimes("link"u8.ToArray(), 5, 1_234_567_891_234_567_891);
        root.ChangeTimes("dir"u8.ToArray(), 7, 1_600_000_000_000_000_001);
        root.ChangeMode("dir"u8.ToArray(), 0x16D);
        try
        {
            dir.WriteXattr("large"u8.ToArray(), "user.note"u8.ToArray(), [0, 1, 255]);
            root.WriteXattr("dir"u8.ToArray(), "user.empty"u8.ToArray(), []);
        }
        catch (HostErrorException)
        {
            // This host filesystem has no xattrs; the engine's own tests cover them.
        }
        return path;
    }

    private static void Write(HostDirectory dir, byte[] name, int length)
    {
        byte[] bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        using SafeFileHandle file = dir.CreateFile(name);
        RandomAccess.Write(file, bytes, 0);
    }

    private sealed class Progress : IProgress<TransferProgress>
    {
        public List<TransferProgress> Seen { get; } = [];

        public void Report(TransferProgress value) => Seen.Add(value);
    }
}
