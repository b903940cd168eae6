using Capstan.ClientGateway;
using Capstan.WebUi.ViewModels;

namespace Capstan.WebUi.Administration;

/// <summary>What advice is given from.</summary>
/// <param name="Before">How things were <paramref name="Window"/> ago, or at the start.</param>
/// <param name="Revoked">Directories whose caps were taken back in the last minute, and how often.</param>
public sealed record AdviceFacts(GatewaySnapshot Now, HistorySample Before, TimeSpan Window, IReadOnlyList<RevokeSnapshot> Revokes, IReadOnlyList<(string Path, int Revokes)> Revoked);

/// <summary>The rules: each says something when its numbers do. A pure function.</summary>
public static class AdviceRules
{
    public const int EvictionsThatMatter = 20;
    public const int RevokesAMinute = 10;
    public const int PagesWasted = 20;
    public const int ReadsBypassed = 4;

    public static readonly TimeSpan RevokeHeld = TimeSpan.FromSeconds(5);

    public static IReadOnlyList<Advice> Of(AdviceFacts facts) =>
        [.. new[] { Budget(facts), Revoke(facts), Thrashing(facts), Readahead(facts), SharedCache(facts) }.OfType<Advice>()];

    private static Advice? Budget(AdviceFacts facts)
    {
        long pressed = Evicted(facts, EvictionCause.Pressure);
        long otherwise = Evicted(facts, EvictionCause.Expired) + Evicted(facts, EvictionCause.Revoked);
        if (pressed < EvictionsThatMatter || pressed <= otherwise)
            return null;
        return new Advice(
            "budget", "The memory budget is too small.",
            $"{SizeText.Count(pressed, "page")} were given up {Within(facts)} because {SizeText.Bytes(facts.Now.BudgetBytes)} were full, {SizeText.Number(otherwise)} because they had expired or were revoked. Raise the budget.",
            CacheTables.Evictions);
    }

    private static Advice? Thrashing(AdviceFacts facts)
    {
        if (facts.Revoked.Count == 0 || facts.Revoked[0].Revokes < RevokesAMinute)
            return null;
        (string path, int revokes) = facts.Revoked[0];
        return new Advice(
            "thrashing", "Gateways take a folder's capabilities from each other.",
            $"{path}: revoked {SizeText.Number(revokes)} times in the last minute. Removals there wait for their replies; let one gateway do the work in it.",
            "revoked", path);
    }

    private static Advice? Readahead(AdviceFacts facts)
    {
        long wasted = facts.Now.ReadaheadWasted - facts.Before.ReadaheadWasted;
        long used = facts.Now.ReadaheadUseful - facts.Before.ReadaheadUseful;
        if (wasted < PagesWasted || wasted <= used)
            return null;
        return new Advice(
            "readahead", "Readahead is wasted.",
            $"Of the pages read ahead {Within(facts)} {SizeText.Number(wasted)} were given up unread and {SizeText.Number(used)} were used. Lower the readahead limit, or raise the budget.",
            CacheTables.Directories);
    }

    private static Advice? Revoke(AdviceFacts facts)
    {
        if (facts.Revokes.Count == 0 || facts.Revokes[0].Since < RevokeHeld)
            return null;
        RevokeSnapshot oldest = facts.Revokes[0];
        string path = oldest.Path ?? $"inode {oldest.Ino}";
        string by = oldest.Jobs.Count > 0 ? $"\"{oldest.Jobs[0]}\"" : "operations in flight";
        return new Advice(
            "revoke", "A revoke is held up.",
            $"{path}: asked for {TimeText.Duration(oldest.Since)} ago, held by {SizeText.Count(oldest.Operations, "operation")} of {by}. Another gateway waits for it; pause or cancel the job, or see why the server does not answer.",
            CacheTables.Revokes, path);
    }

    private static Advice? SharedCache(AdviceFacts facts)
    {
        if (facts.Now.SharedCache is not { } shared)
            return null;
        long bypassed = shared.Bypassed - facts.Before.SharedBypassed;
        long answered = shared.Reads.Hits + shared.Reads.Misses - facts.Before.SharedReads;
        bool isSlower = answered > 0 && facts.Now.RequestMedian > TimeSpan.Zero && shared.ReadMedian > facts.Now.RequestMedian;
        if (shared.IsOn && !isSlower && (bypassed < ReadsBypassed || bypassed <= answered))
            return null;
        string how = shared.IsOn ? "answers slowly" : "does not answer and is left alone";
        return new Advice(
            "redis", "Redis is slower than the metadata server.",
            $"It {how}: {Within(facts)} {SizeText.Number(bypassed)} reads went past it and {SizeText.Number(answered)} were answered, {SizeText.Count(shared.Outages, "outage")} since the start. A read takes {TimeText.Milliseconds(shared.ReadMedian)} there and {TimeText.Milliseconds(facts.Now.RequestMedian)} at the metadata server.",
            CacheTables.Directories);
    }

    private static long Evicted(AdviceFacts facts, EvictionCause cause) => facts.Now.Evictions.GetValueOrDefault(cause) - facts.Before.Evicted(cause);

    private static string Within(AdviceFacts facts) => $"in the last {facts.Window.TotalMinutes:0} minutes";
}
