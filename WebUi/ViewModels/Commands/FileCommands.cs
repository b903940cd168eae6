namespace Capstan.WebUi.ViewModels.Commands;

/// <summary>All commands of the files page, in the order of menus.</summary>
public sealed class FileCommands(IEnumerable<FileCommand> commands)
{
    public IReadOnlyList<FileCommand> All { get; } = [.. commands.OrderBy(c => c.Group).ThenBy(c => c.Order).ThenBy(c => c.Id, StringComparer.Ordinal)];

    /// <summary>Every chord that some command answers, for keys.js.</summary>
    public string Codes => string.Join('\n', All.SelectMany(c => c.Keys).Select(k => k.Code).Distinct());

    public FileCommand this[string id] => All.First(c => c.Id == id);

    public IReadOnlyList<FileCommand> In(CommandPlaces place, FileCommandContext context) =>
        [.. All.Where(c => c.Places.HasFlag(place) && c.IsOffered(context))];

    /// <summary>What the key does now; null when nothing.</summary>
    public FileCommand? For(ListKey key, FileCommandContext context, bool typing) =>
        All.FirstOrDefault(c => c.Keys.Any(k => k.Matches(key) && !(typing && (k.IsTyped || k.Key == "Backspace"))) && c.IsEnabled(context));
}
