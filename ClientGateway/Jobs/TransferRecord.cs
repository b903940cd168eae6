using Capstan.Shared;

namespace Capstan.ClientGateway.Jobs;

/// <summary>A copy or a move as it is written down, and back.</summary>
internal static class TransferRecord
{
    public static JobRecord Of(TransferRequest request, string scope) => new()
    {
        Form = JobForm.Transfer,
        Kind = request.Kind,
        Title = request.Title,
        Scope = scope,
        Caller = request.Caller,
        Conflicts = request.Conflicts,
        Entries = [.. request.Items.Select(i => new JobEntry(i.Source) { Attributes = i.Attributes, Target = (i.Directory, i.Name) })],
    };

    public static TransferRequest ToRequest(JobRecord record, IReadOnlyList<JobNote> notes) => new()
    {
        Kind = record.Kind,
        Title = record.Title,
        Caller = record.Caller,
        Conflicts = notes.LastOrDefault(n => n.Kind == JobNoteKind.Answer && n.Ino.IsNone) is { Kind: JobNoteKind.Answer } forAll ? (ConflictChoice)forAll.Value : record.Conflicts,
        Items = [.. record.Entries.Select(e => new TransferItem(e.Source, e.Attributes!, e.Target.Directory, e.Target.Name))],
        Remake = [.. notes.Where(n => n.Kind == JobNoteKind.Remake).Select(ToEmptied)],
        Restore = [.. notes.Where(n => n.Kind == JobNoteKind.Restore).Select(ToPlace)],
    };

    public static JobNote Of(JobNoteKind kind, EmptiedDirectory directory) => new(kind) { Ino = directory.Address.Ino, Place = directory.Address, Value = directory.Permissions };

    public static JobNote Of(JobNoteKind kind, TrashPlace place) =>
        new(kind) { Ino = place.Id.Ino, Place = new InodeAddress(place.Directory, place.Name, new InodeId(place.Id.Owner)), Value = place.Id.RemovedNs };

    public static JobNote Of(TransferItem back) =>
        new(JobNoteKind.Moved) { Ino = back.Source.Ino, Place = new InodeAddress(back.Directory, back.Name, back.Source.Ino), Other = back.Source, Value = back.Attributes.Mode };

    public static EmptiedDirectory ToEmptied(JobNote note) => new(note.Place, (uint)note.Value);

    public static TrashPlace ToPlace(JobNote note) => new(new TrashId((uint)note.Place.Ino.Value, note.Value, note.Ino), note.Place.Dir, note.Place.Name);

    /// <summary>The way back of what was moved: of its attributes the kind is what counts.</summary>
    public static TransferItem ToWayBack(JobNote note) =>
        new(note.Other, new InodeAttributes { Ino = note.Ino, Mode = (uint)note.Value }, note.Place.Dir, note.Place.Name);
}
