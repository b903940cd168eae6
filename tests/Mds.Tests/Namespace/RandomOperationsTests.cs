using Capstan.Mds.Namespace;
using Capstan.Shared;
using Capstan.Shared.Messages;

namespace Capstan.Mds.Tests.Namespace;

/// <summary>Thousands of random operations, in groups of which some are undone, against a plain tree. A failure names its seed.</summary>
public sealed class RandomOperationsTests
{
    private static readonly FileName[] Names = Enumerable.Range(0, 9).Select(i => FileName.Create(i == 8 ? [0xFF, 0x80] : [(byte)('a' + i)])).ToArray();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void Operations_AtRandom_MatchThePlainTree(int seed)
    {
        using EngineFixture fs = new();
        try
        {
            new Run(fs, new Random(seed)).All(groups: 220, perGroup: 25);
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException($"Seed {seed}: {failure.Message}", failure);
        }
    }

    private sealed class Run(EngineFixture fs, Random random)
    {
        private readonly Dictionary<InodeId, DirectoryVersion> _versions = new() { [InodeId.Root] = new(1) };
        private ReferenceTree _tree = new();

        public void All(int groups, int perGroup)
        {
            for (int group = 0; group < groups; group++)
            {
                bool abort = random.Next(8) == 0;
                ReferenceTree? before = abort ? _tree.Clone() : null;
                Dictionary<InodeId, DirectoryVersion> versionsBefore = new(_versions);
                fs.Engine.BeginGroup();
                int count = random.Next(perGroup * 2);
                for (int i = 0; i < count; i++)
                    One();
                if (before is not null)
                {
                    fs.Engine.AbortGroup();
                    _tree = before;
                    _versions.Clear();
                    foreach ((InodeId dir, DirectoryVersion version) in versionsBefore)
                        _versions.Add(dir, version);
                }
                else
                {
                    fs.Engine.CommitGroup();
                }
                if (random.Next(25) == 0)
                    fs.Reopen();
                if (group % 20 == 19)
                    Compare();
            }
            Compare();
        }

        private void One()
        {
            ReferenceTree.Node dir = AnyDirectory(), other = AnyDirectory();
            FileName name = AnyName(), newName = AnyName();
            dir.Children.TryGetValue(name, out ReferenceTree.Node? here);
            InodeId expected = here is null || random.Next(2) == 0 ? InodeId.None : here.Ino;
            InodeAddress address = new(dir.Ino, name, expected);
            switch (random.Next(18))
            {
                case 0 or 1 or 2:
                    Make(new CreateOperation(dir.Ino, name, 0x1A4, true), FileKind.File);
                    break;
                case 3 or 4:
                    Make(new MkdirOperation(dir.Ino, name, 0x1ED), FileKind.Directory);
                    break;
                case 5:
                    Make(new SymlinkOperation(dir.Ino, name, "to"u8.ToArray()), FileKind.Symlink);
                    break;
                case 6:
                    Expect(new LinkOperation(address, other.Ino, newName), _tree.Link(dir, name, other, newName));
                    break;
                case 7 or 8:
                    Expect(new UnlinkOperation(dir.Ino, name, expected), _tree.Unlink(dir, name));
                    break;
                case 9:
                    Expect(new RmdirOperation(dir.Ino, name, expected), _tree.Rmdir(dir, name));
                    break;
                case 10 or 11:
                    bool noReplace = random.Next(4) == 0;
                    Expect(new RenameOperation(address, other.Ino, newName, noReplace), _tree.Rename(dir, name, other, newName, noReplace));
                    break;
                case 12:
                    SetAttr(address, here);
                    break;
                case 14 or 15:
                    MoveToTrash(dir, name, expected);
                    break;
                case 16:
                    FileName id = AnyInTrash();
                    TrashId.TryParse(id.Span, out TrashId restored);
                    Expect(new RestoreOperation(restored, other.Ino, newName), _tree.Restore(id, other, newName));
                    break;
                case 17:
                    Purge(AnyInTrash());
                    break;
                default:
                    Xattr(address, here);
                    break;
            }

            void Make(FsOperation operation, FileKind kind)
            {
                OperationOutcome outcome = Apply(operation);
                FsErrno wanted = _tree.Make(dir, name, () => new ReferenceTree.Node
                {
                    Ino = outcome.Attributes[0].Ino,
                    Kind = kind,
                    Permissions = kind == FileKind.Directory ? 0x1EDu | (dir.Permissions & 0x400) : kind == FileKind.File ? 0x1A4u : 0x1FFu,
                    Size = kind == FileKind.Symlink ? 2 : 0,
                });
                Assert.Equal(wanted, outcome.Errno);
            }
        }

        private void MoveToTrash(ReferenceTree.Node dir, FileName name, InodeId expected)
        {
            OperationOutcome outcome = Apply(new TrashOperation(dir.Ino, name, expected));
            Assert.Equal(dir.Children.ContainsKey(name) ? FsErrno.Ok : FsErrno.NoEntry, outcome.Errno);
            if (outcome.IsOk)
                _tree.MoveToTrash(dir, name, new TrashId(0, outcome.Attributes[0].CtimeNs, outcome.Attributes[0].Ino));
        }

        private void Purge(FileName id)
        {
            TrashId.TryParse(id.Span, out TrashId purged);
            Expect(new PurgeOperation(purged), _tree.Trash.Children.Remove(id) ? FsErrno.Ok : FsErrno.NoEntry);
            // Bit by bit, and the rest of it.
            for (int count = 1; count > 0;)
            {
                OperationOutcome outcome = fs.Engine.PurgeTrash(0, random.Next(1, 4), _ => true, out count, out _, out bool isBlocked);
                Assert.False(isBlocked);
                Follow(outcome);
            }
        }

        private FileName AnyInTrash() =>
            _tree.Trash.Children.Count == 0 ? new TrashId(0, 1, new InodeId(1)).ToName() : _tree.Trash.Children.Keys.ElementAt(random.Next(_tree.Trash.Children.Count));

        private void SetAttr(InodeAddress address, ReferenceTree.Node? node)
        {
            uint mode = (uint)random.Next(0x1000);
            long size = random.Next(100);
            bool truncate = node?.Kind == FileKind.File;
            SetAttrOperation operation = new(address) { Mode = node?.Kind == FileKind.Symlink ? null : mode, MtimeNs = 5, Size = truncate ? size : null };
            Expect(operation, node is null ? FsErrno.NoEntry : FsErrno.Ok);
            if (node is null)
                return;
            if (node.Kind != FileKind.Symlink)
                node.Permissions = mode;
            if (truncate && node.Size != size)
            {
                node.Size = size;
                node.Content++;
            }
        }

        private void Xattr(InodeAddress address, ReferenceTree.Node? node)
        {
            string name = "user." + random.Next(3);
            byte[] bytes = System.Text.Encoding.ASCII.GetBytes(name);
            if (random.Next(2) == 0)
            {
                Expect(new SetXattrOperation(address, bytes, [1, 2], XattrMode.Either), node is null ? FsErrno.NoEntry : FsErrno.Ok);
                node?.Xattrs.Add(name);
            }
            else
            {
                FsErrno wanted = node is null ? FsErrno.NoEntry : node.Xattrs.Remove(name) ? FsErrno.Ok : FsErrno.NoData;
                Expect(new RemoveXattrOperation(address, bytes), wanted);
            }
        }

        private void Expect(FsOperation operation, FsErrno wanted) => Assert.Equal(wanted, Apply(operation).Errno);

        /// <summary>Every change is one version, and of a directory that the footprint named.</summary>
        private OperationOutcome Apply(FsOperation operation)
        {
            List<DirectoryUse> uses = [];
            Assert.Equal(FsErrno.Ok, fs.Engine.Footprint(operation, uses));
            OperationOutcome outcome = fs.Engine.Apply(Caller.Root, operation);
            Assert.All(outcome.Changes, change => Assert.Contains(new DirectoryUse(change.Dir, true), uses));
            Follow(outcome);
            return outcome;
        }

        private void Follow(OperationOutcome outcome)
        {
            foreach (DirectoryDelta change in outcome.Changes)
            {
                Assert.Equal(_versions.GetValueOrDefault(change.Dir, new(1)), change.From);
                Assert.Equal(change.From.Next, change.To);
                _versions[change.Dir] = change.To;
            }
        }

        private void Compare()
        {
            fs.AssertClean();
            IReadOnlyList<TrashEntry> trash = fs.Engine.Apply(Caller.Root, new ListTrashOperation(null, 500, true)).Trash;
            Assert.Equal(_tree.Trash.Children.Select(child => (child.Key, child.Value.Ino)), trash.Select(entry => (entry.Id.ToName(), entry.Attributes.Ino)));
            foreach (ReferenceTree.Node dir in _tree.Directories)
            {
                List<DirectoryEntry> listed = fs.List(dir.Ino);
                Assert.Equal(dir.Children.Keys, listed.Select(entry => entry.Name));
                Assert.True(fs.Engine.TryGetDirectory(dir.Ino, out InodeAttributes self, out DirectoryVersion version, out long entries));
                Assert.Equal((dir.Children.Count, _tree.Nlink(dir)), (entries, self.Nlink));
                Assert.Equal(_versions.GetValueOrDefault(dir.Ino, new(1)), version);
                foreach (DirectoryEntry entry in listed)
                {
                    ReferenceTree.Node node = dir.Children[entry.Name];
                    InodeAttributes a = entry.Attributes;
                    Assert.Equal((node.Ino, node.Kind, node.Permissions, _tree.Nlink(node), (uint)node.Xattrs.Count), (a.Ino, a.Kind, a.Mode & 0xFFF, a.Nlink, a.Xattrs));
                    Assert.Equal(node.IsDirectory ? (node.Children.Count, 0) : (node.Size, node.Content), (a.Size, a.Content));
                }
            }
        }

        private ReferenceTree.Node AnyDirectory()
        {
            ReferenceTree.Node at = _tree.Root;
            while (random.Next(3) != 0)
            {
                ReferenceTree.Node[] below = at.Children.Values.Where(child => child.IsDirectory).ToArray();
                if (below.Length == 0)
                    break;
                at = below[random.Next(below.Length)];
            }
            return at;
        }

        private FileName AnyName() => Names[random.Next(Names.Length)];
    }
}
