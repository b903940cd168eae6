using System.Globalization;
using Microsoft.Net.Http.Headers;

namespace Capstan.WebUi.Transfers;

internal enum RangeOutcome
{
    /// <summary>No range, or one that is not ours to serve: the whole content.</summary>
    Whole,
    Partial,
    Unsatisfiable,
}

/// <summary>The part of a content that a request asks for (RFC 9110, section 14).</summary>
internal readonly record struct ByteRange(RangeOutcome Outcome, long First, long Length)
{
    /// <param name="header">The Range header as sent.</param>
    /// <param name="ifRange">The If-Range header: the range holds only for the content that it names.</param>
    public static ByteRange Parse(string? header, string? ifRange, long size, EntityTagHeaderValue tag, DateTimeOffset modified)
    {
        ByteRange whole = new(RangeOutcome.Whole, 0, size);
        if (string.IsNullOrEmpty(header) || !RangeHeaderValue.TryParse(header, out RangeHeaderValue? range) || range.Unit != "bytes")
            return whole;
        // Several ranges may be answered by the whole: few ask, and fewer read the multipart answer.
        if (range.Ranges.Count != 1 || !IsFor(ifRange, tag, modified))
            return whole;

        RangeItemHeaderValue wanted = range.Ranges.First();
        long first;
        long last;
        if (wanted.From is long from)
        {
            first = from;
            last = Math.Min(wanted.To ?? long.MaxValue, size - 1);
        }
        else
        {
            // The last so many bytes.
            first = Math.Max(0, size - wanted.To!.Value);
            last = wanted.To == 0 ? -1 : size - 1;
        }
        return first >= size || last < first ? new ByteRange(RangeOutcome.Unsatisfiable, 0, 0) : new ByteRange(RangeOutcome.Partial, first, last - first + 1);
    }

    public string ContentRange(long size) => Outcome == RangeOutcome.Unsatisfiable
        ? string.Create(CultureInfo.InvariantCulture, $"bytes */{size}")
        : string.Create(CultureInfo.InvariantCulture, $"bytes {First}-{First + Length - 1}/{size}");

    private static bool IsFor(string? ifRange, EntityTagHeaderValue tag, DateTimeOffset modified)
    {
        if (string.IsNullOrEmpty(ifRange))
            return true;
        if (!RangeConditionHeaderValue.TryParse(ifRange, out RangeConditionHeaderValue? condition))
            return false;
        return condition.EntityTag is { } wanted ? wanted.Compare(tag, useStrongComparison: true) : condition.LastModified == modified;
    }
}
