namespace Capstan.WebUi.Components.Controls;

/// <summary>A line of a menu.</summary>
/// <param name="Keys">The key that does the same, to be learnt in passing.</param>
/// <param name="StartsGroup">A line is drawn above it.</param>
/// <param name="IsChecked">Something that is on or off; the menu stays open when it is chosen.</param>
public sealed record MenuEntry(string Text, string Icon, Func<Task> Act, bool IsDangerous = false, string Keys = "", bool StartsGroup = false, bool? IsChecked = null);
