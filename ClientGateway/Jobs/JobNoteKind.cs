namespace Capstan.ClientGateway.Jobs;

/// <summary>The kinds of notes behind a job's record. The numbers are on disk.</summary>
internal enum JobNoteKind : byte
{
    /// <summary>An entry, by its number, has come to its end.</summary>
    Done = 1,

    /// <summary>An entry is about to get another name: <see cref="JobNote.Place"/>.</summary>
    Name = 2,

    /// <summary>A conflict was answered; without a number it is the rule for all.</summary>
    Answer = 3,

    /// <summary>A copy of <see cref="JobNote.Ino"/> has been made at <see cref="JobNote.Place"/>.</summary>
    Made = 4,

    /// <summary>It was moved from <see cref="JobNote.Place"/> to <see cref="JobNote.Other"/>.</summary>
    Moved = 5,

    /// <summary>It went to the trash to make room at <see cref="JobNote.Place"/>.</summary>
    Replaced = 6,

    /// <summary>A merge has removed the directory at <see cref="JobNote.Place"/>.</summary>
    Emptied = 7,

    /// <summary>With <see cref="JobNote.Value"/> 1; with 0 it goes on.</summary>
    Paused = 8,
    Cancelled = 9,

    /// <summary>Of an undo: a directory to be made again, as <see cref="Emptied"/>.</summary>
    Remake = 10,

    /// <summary>Of an undo: what comes back in the end, as <see cref="Replaced"/>.</summary>
    Restore = 11,

    /// <summary>An entry was refused because it was not there, or another was; which is no sign that an earlier process has done it.</summary>
    Failed = 12,

    /// <summary>An entry has come to its end, and is in the trash: <see cref="JobNote.Place"/> is where it was, <see cref="JobNote.Value"/> when it was removed.</summary>
    Trashed = 13,

    /// <summary>The job has come to its end: <see cref="JobNote.End"/>. What is above it is what an undo goes by.</summary>
    Ended = 14,

    /// <summary>The first copy of a file with several names is about to be made at <see cref="JobNote.Place"/>.</summary>
    Linked = 15,

    /// <summary>Somebody wants it undone: it is cancelled, and what it has done is taken back.</summary>
    UndoWanted = 16,

    /// <summary>It was under way when its undo was asked for: <see cref="JobNote.Other"/> was on its way to <see cref="JobNote.Place"/>, and may be there. With a number in the
    /// place: that one was on its way to the trash, to make room.</summary>
    UnderWay = 17,

    /// <summary>Of an undo: the job that it takes back, by <see cref="JobFile.Number"/> as <see cref="JobNote.Value"/>. Whoever finds both files drops that one.</summary>
    UndoOf = 18,
}
