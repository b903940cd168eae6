using System.Text;
using System.Text.Encodings.Web;
using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.WebUi.ViewModels;
using Microsoft.AspNetCore.Components;

namespace Capstan.WebUi.Components.Files;

/// <summary>
/// The cells of a row as one piece of markup, which costs a third on the wire of what their elements do one by one: a wheel turned over a million rows
/// draws hundreds. What is being done to an entry is not in it but beside it, in an attribute of the row, for which the style sheet has the words: a screenful of rows that is about to leave is one attribute each. Nothing in it moves: a ring turning in each of a screenful of pending rows takes a processor from what they wait for. Everything that comes from outside is encoded here, and nowhere else.
/// </summary>
internal static class RowMarkup
{
    public static MarkupString Cells(DirectoryEntry entry, FileIcon icon, string text, string href, string? target, FileColumns columns, DateTimeOffset now, bool isCountLive = false)
    {
        HtmlEncoder html = HtmlEncoder.Default;
        string shown = html.Encode(text);
        StringBuilder cells = new(640);
        cells.Append("<div role=\"gridcell\" class=\"c-check vp-check\"><span class=\"check rzi\" aria-hidden=\"true\"></span></div><div role=\"gridcell\" class=\"c-name\"><span class=\"rzi icon ")
            .Append(icon.Tone).Append("\" aria-hidden=\"true\">").Append(icon.Symbol)
            .Append("</span><a href=\"").Append(html.Encode(href)).Append("\" tabindex=\"-1\" draggable=\"false\"");
        if (text.Length > 40)
            cells.Append(" title=\"").Append(shown).Append('"');
        cells.Append("><bdi>").Append(shown).Append("</bdi></a>");
        if (target is not null)
            cells.Append("<span class=\"target\" title=\"Leads to ").Append(html.Encode(target)).Append("\">→ <bdi>").Append(html.Encode(target)).Append("</bdi></span>");
        cells.Append("</div>");
        AppendFacts(cells, entry, columns, now, isCountLive);
        return new MarkupString(cells.ToString());
    }

    /// <summary>The cells behind the name.</summary>
    public static MarkupString Facts(DirectoryEntry entry, FileColumns columns, DateTimeOffset now, bool isCountLive)
    {
        StringBuilder cells = new(320);
        AppendFacts(cells, entry, columns, now, isCountLive);
        return new MarkupString(cells.ToString());
    }

    private static void AppendFacts(StringBuilder cells, DirectoryEntry entry, FileColumns columns, DateTimeOffset now, bool isCountLive)
    {
        HtmlEncoder html = HtmlEncoder.Default;
        foreach (FileColumn column in columns.Shown)
        {
            (string content, string? title) = Cell(column, entry, now, isCountLive);
            cells.Append("<div role=\"gridcell\" class=\"").Append(FileColumns.Class(column)).Append('"');
            if (!string.IsNullOrEmpty(title) && title != content)
                cells.Append(" title=\"").Append(html.Encode(title)).Append('"');
            cells.Append('>').Append(html.Encode(content)).Append("</div>");
        }
    }

    private static (string Content, string? Title) Cell(FileColumn column, DirectoryEntry entry, DateTimeOffset now, bool isCountLive)
    {
        InodeAttributes inode = entry.Attributes;
        switch (column)
        {
            case FileColumn.Size:
                return (SizeText.Column(inode), SizeText.Tooltip(inode, isCountLive));
            case FileColumn.Modified:
                DateTimeOffset modified = TimeText.FromNs(inode.MtimeNs);
                return (TimeText.Relative(now, modified), TimeText.Iso(modified));
            case FileColumn.Type:
                return (KindText.Of(entry), null);
            case FileColumn.Mode:
                return (ModeText.Of(inode.Mode), null);
            default:
                return ($"{inode.Uid}:{inode.Gid}", null);
        }
    }
}
