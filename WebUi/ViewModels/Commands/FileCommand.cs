namespace Capstan.WebUi.ViewModels.Commands;

/// <summary>
/// One thing that can be done on the files page. Menus, bars, the keyboard and its help are made of the commands that are registered
/// (<c>AddFileCommand</c>), so a new one is a new class. Lives as long as its circuit.
/// </summary>
public abstract class FileCommand
{
    public abstract string Id { get; }

    /// <summary>In the keyboard help, and wherever the selection does not matter.</summary>
    public abstract string Name { get; }

    /// <summary>A Material symbol.</summary>
    public abstract string Icon { get; }

    public abstract CommandGroup Group { get; }

    /// <summary>Within the group.</summary>
    public virtual int Order => 0;

    public virtual CommandPlaces Places => CommandPlaces.RowMenu | CommandPlaces.SelectionBar;

    /// <summary>The first is shown in menus.</summary>
    public virtual IReadOnlyList<KeyChord> Keys => [];

    public virtual bool IsDangerous => false;

    public virtual string Label(FileCommandContext context) => Name;

    /// <summary>It can be done now, by its key too.</summary>
    public abstract bool IsEnabled(FileCommandContext context);

    /// <summary>It is worth a place in menus and bars now.</summary>
    public virtual bool IsOffered(FileCommandContext context) => IsEnabled(context);

    public abstract Task RunAsync(FileCommandContext context);
}
