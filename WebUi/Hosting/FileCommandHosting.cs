using Capstan.WebUi.Components.Files.Commands;
using Capstan.WebUi.ViewModels;
using Capstan.WebUi.ViewModels.Commands;
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
        return services;
    }

    public static IServiceCollection AddFileCommand<TCommand>(this IServiceCollection services)
        where TCommand : FileCommand => services.AddScoped<FileCommand, TCommand>();
}
