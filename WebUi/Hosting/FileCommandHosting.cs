using Capstan.WebUi.Components.Files.Commands;
using Capstan.WebUi.ViewModels.Commands;

namespace Capstan.WebUi.Hosting;

/// <summary>What can be done on the files page. A new command is a line here.</summary>
internal static class FileCommandHosting
{
    public static IServiceCollection AddFileCommands(this IServiceCollection services)
    {
        services.AddScoped<FileCommands>();
        services.AddFileCommand<OpenCommand>();
        services.AddFileCommand<ParentCommand>();
        services.AddFileCommand<SelectAllCommand>();
        services.AddFileCommand<ClearSelectionCommand>();
        services.AddFileCommand<FilterCommand>();
        services.AddFileCommand<RetryCommand>();
        services.AddFileCommand<DismissCommand>();
        services.AddFileCommand<DeleteCommand>();
        services.AddFileCommand<KeyHelpCommand>();
        return services;
    }

    public static IServiceCollection AddFileCommand<TCommand>(this IServiceCollection services)
        where TCommand : FileCommand => services.AddScoped<FileCommand, TCommand>();
}
