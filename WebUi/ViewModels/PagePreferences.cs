using System.Globalization;

namespace Capstan.WebUi.ViewModels;

/// <summary>How a user likes the files page: kept in a cookie, so that the first picture is already as it was left. What is in the address is not here.</summary>
public sealed class PagePreferences
{
    public const string Cookie = "capstan-page";
    public const int MinTreeWidth = 160;
    public const int MaxTreeWidth = 560;

    public bool ShowsTree { get; set; } = true;

    public bool ShowsDetails { get; set; }

    public int TreeWidth
    {
        get;
        set => field = Math.Clamp(value, MinTreeWidth, MaxTreeWidth);
    } = 232;

    public FileColumns Columns { get; set; } = FileColumns.Default;

    public string Text => string.Create(
        CultureInfo.InvariantCulture, $"tree:{(ShowsTree ? 1 : 0)}.details:{(ShowsDetails ? 1 : 0)}.width:{TreeWidth}.columns:{string.Join('-', Columns.Shown).ToLowerInvariant()}");

    /// <summary>What cannot be read stays as it is.</summary>
    public void Read(string? text)
    {
        foreach (string part in (text ?? "").Split('.'))
        {
            string[] pair = part.Split(':');
            if (pair.Length != 2)
                continue;
            switch (pair[0])
            {
                case "tree":
                    ShowsTree = pair[1] == "1";
                    break;
                case "details":
                    ShowsDetails = pair[1] == "1";
                    break;
                case "width" when int.TryParse(pair[1], NumberStyles.None, CultureInfo.InvariantCulture, out int width):
                    TreeWidth = width;
                    break;
                case "columns":
                    Columns = new([.. Enum.GetValues<FileColumn>().Where(c => pair[1].Split('-').Contains(c.ToString(), StringComparer.OrdinalIgnoreCase))]);
                    break;
            }
        }
    }
}
