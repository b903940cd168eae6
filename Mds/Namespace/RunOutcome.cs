using Capstan.Shared;

namespace Capstan.Mds.Namespace;

/// <summary>
/// How much of a run was done at once: <see cref="Count"/> operations, each of which made the next version of <see cref="Dir"/>, the
/// first one that after <see cref="From"/>. <see cref="Made"/> is the inode of the first; the others made those with the next numbers
/// (without a number: each is of the inode that its request named).
/// </summary>
internal readonly record struct RunOutcome(int Count, InodeId Dir, DirectoryVersion From, InodeAttributes? Made);
