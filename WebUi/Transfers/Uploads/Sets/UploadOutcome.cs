namespace Capstan.WebUi.Transfers.Uploads.Sets;

/// <summary>What has become of one file of a set. The numbers are on disk.</summary>
internal enum UploadOutcome : byte
{
    None = 0,

    /// <summary>It was about to be stored, and nobody has noted how that ended: it may be there.</summary>
    Begun = 1,
    Created = 2,
    Replaced = 3,
    KeptBoth = 4,
    Skipped = 5,
    Cancelled = 6,
}

/// <summary>The same in the words of the protocol.</summary>
internal static class UploadOutcomes
{
    public static bool HasEnded(this UploadOutcome outcome) => outcome >= UploadOutcome.Created;

    public static string Word(this UploadOutcome outcome) => outcome switch
    {
        UploadOutcome.Created => "created",
        UploadOutcome.Replaced => "replaced",
        UploadOutcome.KeptBoth => "kept-both",
        UploadOutcome.Skipped => "skipped",
        UploadOutcome.Cancelled => "cancelled",
        _ => "",
    };

    public static UploadOutcome Of(string word) => word switch
    {
        "created" => UploadOutcome.Created,
        "replaced" => UploadOutcome.Replaced,
        "kept-both" => UploadOutcome.KeptBoth,
        "skipped" => UploadOutcome.Skipped,
        "cancelled" => UploadOutcome.Cancelled,
        _ => UploadOutcome.None,
    };
}
