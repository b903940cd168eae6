using Capstan.WebUi.Components.Files.Commands;
using Capstan.WebUi.ViewModels;
using Capstan.WebUi.ViewModels.Commands;
using Capstan.WebUi.ViewModels.Organize;
using Capstan.WebUi.ViewModels.Undo;

namespace Capstan.WebUi.Hosting;

/// <summary>What can be done on the files page. A new command is a line here.</summary>
internal static class FileCommandHosting
{
    public static IServiceCollection AddFileCommands(this IServiceCollection services)
    {
        services.AddScoped<FileCommands>();
        services.AddScoped<PagePreferences>();
        services.AddScoped<FolderTree>();
        services.AddFileCommand<OpenCommand>();
        services.AddFileCommand<BackCommand>();
        services.AddFileCommand<ForwardCommand>();
        services.AddFileCommand<ParentCommand>();
        services.AddFileCommand<EditPathCommand>();
        services.AddFileCommand<ActivitiesCommand>();
        services.AddFileCommand<ListViewCommand>();
        services.AddFileCommand<GridViewCommand>();
        services.AddFileCommand<TreePaneCommand>();
        services.AddFileCommand<DetailsPaneCommand>();
        services.AddFileCommand<InvertSelectionCommand>();
        services.AddFileCommand<SelectAllCommand>();
        services.AddFileCommand<ClearSelectionCommand>();
        services.AddFileCommand<FilterCommand>();
        services.AddFileCommand<RetryCommand>();
        services.AddFileCommand<DismissCommand>();
        services.AddScoped<UndoHistory>();
        services.AddSingleton<HostNames>();
        services.AddFileCommand<PropertiesCommand>();
        services.AddFileCommand<SearchCommand>();
        services.AddFileCommand<UndoCommand>();
        services.AddFileCommand<DeleteCommand>();
        services.AddFileCommand<DeleteForGoodCommand>();
        services.AddFileCommand<KeyHelpCommand>();
        services.AddOrganizing();
        return services;
    }

    /// <summary>New names, copies, moves, and what they need.</summary>
    private static void AddOrganizing(this IServiceCollection services)
    {
        services.AddSingleton<FileClipboard>();
        services.AddScoped<StartedJobs>();
        services.AddScoped<TransferFlow>();
        services.AddFileCommand<NewFolderCommand>();
        services.AddFileCommand<NewFileCommand>();
        services.AddFileCommand<CutCommand>();
        services.AddFileCommand<CopyCommand>();
        services.AddFileCommand<PasteCommand>();
        services.AddFileCommand<RenameCommand>();
        services.AddFileCommand<MoveToCommand>();
        services.AddFileCommand<CopyToCommand>();
        services.AddFileCommand<DuplicateCommand>();
        services.AddFileCommand<LinkCommand>();
        services.AddFileCommand<HardLinkCommand>();
    }

    public static IServiceCollection AddFileCommand<TCommand>(this IServiceCollection services)
        where TCommand : FileCommand => services.AddScoped<FileCommand, TCommand>();
}
