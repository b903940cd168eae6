using Capstan.Shared;
using Capstan.WebUi.ViewModels.Commands;

namespace Capstan.WebUi.Components.Files.Organize;

/// <summary>A name that is asked for, and what is done with it (<see cref="NameDialog"/>).</summary>
/// <param name="Submit">Null when it is done, otherwise the sentence that says why not; its second argument is what the second field has.</param>
internal sealed record NameQuestion(string Title, string Label, string Button, Func<FileName, string, Task<string?>> Submit)
{
    public string Initial { get; init; } = "";

    /// <summary>How much of the initial name is selected.</summary>
    public int Stem { get; init; }

    public string? Second { get; init; }

    public string InitialSecond { get; init; } = "";

    public Task AskAsync(FileCommandContext context) => context.Surface.AskAsync<NameDialog>(Title, new()
    {
        [nameof(NameDialog.Label)] = Label,
        [nameof(NameDialog.Initial)] = Initial,
        [nameof(NameDialog.Stem)] = Stem,
        [nameof(NameDialog.Second)] = Second,
        [nameof(NameDialog.InitialSecond)] = InitialSecond,
        [nameof(NameDialog.Button)] = Button,
        [nameof(NameDialog.Submit)] = Submit,
    });
}
