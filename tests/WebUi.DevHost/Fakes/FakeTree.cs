using System.Globalization;
using Capstan.Shared;

namespace Capstan.WebUi.DevHost.Fakes;

/// <summary>A tree with something of everything.</summary>
public static class FakeTree
{
    private static readonly string[] Extensions = ["txt", "jpg", "pdf", "csv", "log", "json", "zip", "mp4", "cs", "png"];

    public static FakeFileSystem Build(TimeProvider time)
    {
        FakeFileSystem files = new(time);
        DateTimeOffset now = time.GetUtcNow();

        Put(files.Root, "Documents", Some(files, files.NewDirectory(), now));
        Put(files.Root, "Photos 2025", Generated(files, 1_200, "IMG_{0:0000}.jpg", now));
        Put(files.Root, "archive-100k", Generated(files, 100_000, "record-{0:000000}.json", now));
        Put(files.Root, "million", Generated(files, 1_000_000, "file-{0:0000000}.txt", now));
        Put(files.Root, "busy", Generated(files, 5_000, "{0:0000} settled.txt", now));
        Put(files.Root, "empty", files.NewDirectory());
        Put(files.Root, "private", files.NewDirectory(0));
        Put(files.Root, "odd names", Odd(files, files.NewDirectory()));
        Put(files.Root, "mixed outcomes", Mixed(files, files.NewDirectory(), now));
        Put(files.Root, "mixed outcomes 2", Mixed(files, files.NewDirectory(), now));
        FakeInode offline = Some(files, files.NewDirectory(), now);
        offline.Directory!.Freshness = ClientGateway.Freshness.Offline;
        Put(files.Root, "offline", offline);
        FakeInode broken = files.NewDirectory();
        Put(broken, "a", files.NewFile(1));
        broken.Directory!.ReadFails = FsErrno.Io;
        Put(files.Root, "unreadable rows", broken);
        Put(files.Root, "README.md", files.NewFile(content: "# Capstan\n"u8.ToArray(), modified: now.AddMinutes(-12)));
        Put(files.Root, "budget.xlsx", files.NewFile(48_211, modified: now.AddHours(-3)));
        Put(files.Root, "capstan.log", files.NewFile(901_223_111, modified: now.AddSeconds(-20)));
        Put(files.Root, "holiday.mp4", files.NewFile(2_401_223_111, modified: now.AddDays(-40)));
        Put(files.Root, "latest photos", files.NewSymlink("Photos 2025"));
        Put(files.Root, "outside", files.NewSymlink("../../etc/passwd"));
        Put(files.Root, "report.pdf", files.NewFile(1_480_022, modified: now.AddDays(-1).AddHours(-3)));
        Put(files.Root, "schema.sql", files.NewFile(8_022, modified: now.AddDays(-400)));
        return files;
    }

    private static FakeInode Some(FakeFileSystem files, FakeInode directory, DateTimeOffset now)
    {
        foreach (string name in new[] { "Contracts", "Invoices", "Letters" })
            Put(directory, name, Generated(files, 12, "{0:00}.pdf", now));
        for (int i = 0; i < 24; i++)
        {
            FakeInode file = files.NewFile(1_000 + (i * i * 4_001L), modified: now.AddHours(-i * 7));
            if (i % 3 == 1)
            {
                file.Xattrs["user.comment"] = System.Text.Encoding.UTF8.GetBytes($"written at meeting {i + 1}");
                file.Xattrs["user.digest"] = [0x9f, 0x86, 0xd0, 0x81, 0x88, 0x4c, 0x7d, 0x65];
                file.Attributes = file.Attributes with { Xattrs = 2 };
            }
            Put(directory, $"Meeting notes {i + 1:00}.{Extensions[i % Extensions.Length]}", file);
        }
        return directory;
    }

    private static FakeInode Generated(FakeFileSystem files, int count, string format, DateTimeOffset now)
    {
        FakeInode directory = files.NewDirectory();
        directory.Directory!.Generate(
            count,
            i => FileName.Create(string.Format(CultureInfo.InvariantCulture, format, i)),
            name => files.NewFile(1_000 + (uint)name.GetHashCode() % 9_000_000, modified: now.AddMinutes(-((uint)name.GetHashCode() % 100_000))));
        directory.Attributes = directory.Attributes with { Size = count };
        return directory;
    }

    private static FakeInode Mixed(FakeFileSystem files, FakeInode directory, DateTimeOffset now)
    {
        Put(directory, "a folder with things", Some(files, files.NewDirectory(), now));
        for (int i = 0; i < 40; i++)
        {
            FakeInode file = files.NewFile(20_000 + i, modified: now.AddDays(-i));
            file.RemovalFails = (i % 8) switch { 2 => FsErrno.AccessDenied, 5 => FsErrno.TimedOut, _ => FsErrno.Ok };
            Put(directory, $"item {i:00}.txt", file);
        }
        return directory;
    }

    private static FakeInode Odd(FakeFileSystem files, FakeInode directory)
    {
        foreach (string name in new[] { "100%41.txt", "#hash", "a&b+c=d?", "-leading dash", "new\nline", "quote\"'`", "back\\slash", " spaces ", "ünïcödé 日本語 🎉", "\u202Egpj.exe", "<b>bold", new string('x', 255), "semi;colon:at@", "%2F", "…", ".hidden" })
            Put(directory, name, files.NewFile(content: System.Text.Encoding.UTF8.GetBytes(name)));
        directory.Directory!.Put(FileName.Create([0x66, 0xFF, 0xFE, 0x6F]), files.NewFile(content: [1, 2, 3]));
        directory.Directory.Put(FileName.Create("f\\xFF\\xFEo"), files.NewFile(content: [4, 5, 6, 7]));
        Put(directory, "100% & more", Some(files, files.NewDirectory(), files.Time.GetUtcNow()));
        return directory;
    }

    private static void Put(FakeInode directory, string name, FakeInode inode)
    {
        directory.Directory!.Put(FileName.Create(name), inode);
        directory.Attributes = directory.Attributes with { Size = directory.Directory.Count };
    }
}
