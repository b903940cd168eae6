namespace Capstan.WebUi.Administration;

/// <summary>A column of a table: what it shows, and the value it is sorted and exported by.</summary>
/// <param name="Width">As CSS grid says it.</param>
public sealed record DataColumn<T>(string Id, string Title, string Width, Func<T, string> Text, Func<T, IComparable?> Value, bool IsNumber = false, bool IsTime = false);

/// <summary>The same for who draws it.</summary>
public sealed record DataHead(string Id, string Title, string Width, bool IsNumber);
