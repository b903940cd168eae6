using Capstan.ClientGateway;

namespace Capstan.WebUi.ViewModels;

/// <summary>Why a listing was there at once, or had to be waited for.</summary>
public readonly record struct ListingText(bool IsWarm, string Title, string Detail)
{
    public static ListingText Of(ListingSnapshot listing) => listing.Start switch
    {
        ListingStart.WarmUnderCaps => new(true, "Warm", "Its rows were in this server's memory, and a capability vouches for them: nothing had to be asked."),
        ListingStart.WarmWithinTimeout => new(true, "Warm", "Its rows were in this server's memory and had been seen a moment ago: nothing had to be asked."),
        ListingStart.CapsLost => new(false, "Checked", "It had been listed before, but the capability was given back since: the metadata server was asked what has changed."),
        ListingStart.RowsMissing => new(false, "Partly cold", "The folder was known and true, but its first rows were not in memory."),
        _ => new(false, "Cold", "This server had not listed it before."),
    };

    /// <summary>What it took, in numbers.</summary>
    public static string Cost(ListingSnapshot listing)
    {
        if (listing is { Requests: 0, PagesFromMds: 0, PagesFromSharedCache: 0 })
            return "No request since it was opened.";
        List<string> parts = [$"{SizeText.Count(listing.Requests, "request")} to the metadata server"];
        if (listing.PagesFromMds > 0)
            parts.Add($"{SizeText.Count(listing.PagesFromMds, "page")} from it");
        if (listing.PagesFromSharedCache > 0)
            parts.Add($"{SizeText.Count(listing.PagesFromSharedCache, "page")} from the shared cache");
        return string.Join(", ", parts) + " since it was opened.";
    }
}
