namespace Capstan.WebUi.Administration;

/// <summary>How far back the charts look; each range has samples of its own, so that a day takes no more memory than five minutes.</summary>
public enum HistoryRange
{
    FiveMinutes,
    Hour,
    Day,
}
