using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.WebUi.ViewModels.Commands;
using Capstan.WebUi.ViewModels.Undo;

namespace Capstan.WebUi.ViewModels.Organize;

/// <summary>Copies, moves and renames that are asked for on the files page.</summary>
public sealed class TransferFlow(StartedJobs started, UndoHistory undo)
{
    /// <summary>Starts it, or says why it makes no sense. False: nothing was started.</summary>
    public bool Start(FileCommandContext context, ClipboardContent content, InodeId folder, FilePath path)
    {
        string? problem = Start(context.Client, context.Caller, content, folder, path);
        if (problem is not null)
            context.Surface.Say(problem);
        return problem is null;
    }

    /// <summary>Starts it; otherwise the sentence that says why it makes no sense.</summary>
    public string? Start(IFileSystemClient client, Caller caller, ClipboardContent content, InodeId folder, FilePath path)
    {
        if (Problem(content, folder, path) is { } problem)
            return problem;
        Start(client, new TransferRequest
        {
            Kind = content.Kind,
            Title = $"{(content.Kind == JobKind.Move ? "Move" : "Copy")} {What([.. content.Entries.Select(e => e.Entry)])} to {Place(path)}",
            Caller = caller,
            Items = [.. content.Entries.Where(e => content.Kind != JobKind.Move || e.Folder != folder).Select(e => TransferItem.Into(folder, e.Folder, e.Entry))],
        });
        return null;
    }

    public void Duplicate(FileCommandContext context, InodeId folder, IReadOnlyList<DirectoryEntry> entries) => Start(context.Client, new TransferRequest
    {
        Kind = JobKind.Copy,
        Title = $"Duplicate {What(entries)}",
        Caller = context.Caller,
        Items = [.. entries.Select(e => TransferItem.Into(folder, folder, e))],
        Conflicts = ConflictChoice.KeepBoth,
    });

    /// <summary>Null when it is done; otherwise why not, and nothing has changed.</summary>
    public async Task<string?> RenameAsync(IFileSystemClient client, Caller caller, InodeId folder, DirectoryEntry entry, FileName name)
    {
        OperationJob job = Start(client, new TransferRequest
        {
            Kind = JobKind.Move,
            Title = $"Rename {NameText.Of(entry.Name)} to {NameText.Of(name)}",
            Caller = caller,
            Items = [TransferItem.Into(folder, folder, entry) with { Name = name }],
            Conflicts = ConflictChoice.Fail,
        });
        await job.Completion;
        if (job.Failures is not [var failure, ..])
            return null;
        client.Operations.Dismiss(job);
        return failure.Errno == FsErrno.Exists ? Taken(name) : ErrorText.Of(failure.Errno).Sentence;
    }

    public static string Taken(FileName name) => $"“{NameText.Of(name)}” is there already: choose another name.";

    private static string? Problem(ClipboardContent content, InodeId folder, FilePath path)
    {
        if (content.Kind == JobKind.Move && content.Entries.All(e => e.Folder == folder))
            return content.Entries.Count == 1 ? "It is in this folder already." : "They are in this folder already.";
        // By the names of the way here, and so without a word to the server; which checks it again.
        DirectoryEntry? outer = content.Entries.FirstOrDefault(e => e.Entry.Attributes.IsDirectory && e.Path.Append(e.Entry.Name) is var inside && path.Names.Count >= inside.Names.Count && path.Ancestor(inside.Names.Count) == inside).Entry;
        return outer is null ? null : $"“{NameText.Of(outer.Name)}” cannot be {(content.Kind == JobKind.Move ? "moved" : "copied")} into itself.";
    }

    private OperationJob Start(IFileSystemClient client, TransferRequest request)
    {
        OperationJob job = client.Transfer(request);
        started.Add(job.Id);
        undo.Did(job);
        return job;
    }

    private static string What(IReadOnlyList<DirectoryEntry> entries) => entries.Count == 1 ? NameText.Of(entries[0].Name) : SizeText.Items(entries.Count);

    private static string Place(FilePath path) => path.IsRoot ? "Files" : NameText.Of(path.Name);
}
