using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using Capstan.Shared;

namespace Capstan.ClientGateway.Views;

/// <summary>
/// Which names a filter lets through: those that have its text in them, in any case, or with '*' or '?' those that match it whole.
/// Filters of ASCII alone, nearly all, are searched for in the text of a whole page at once.
/// </summary>
public sealed class NameFilter
{
    private readonly byte[] _pattern;
    private readonly bool _isGlob;
    private readonly bool _isPrefix;
    private readonly bool _isAscii;

    /// <param name="isPrefix">The text is the beginning of the name, and no pattern.</param>
    public NameFilter(string text, bool isPrefix = false)
    {
        _isPrefix = isPrefix;
        _isGlob = !isPrefix && text.AsSpan().ContainsAny('*', '?');
        // Typed as names are shown: \xHH stands for a byte that is not UTF-8.
        byte[] bytes = !_isGlob && FileName.TryParse(text, out FileName name) == FsErrno.Ok ? name.ToArray() : Encoding.UTF8.GetBytes(text);
        _isAscii = Ascii.IsValid(bytes);
        byte[] folded = new byte[(bytes.Length * 2) + 4];
        _pattern = folded[..Fold(bytes, folded)];
    }

    public bool Matches(ReadOnlySpan<byte> name)
    {
        Span<byte> folded = stackalloc byte[RowKey.MaxLength];
        return MatchesFolded(folded[..Fold(name, folded)]);
    }

    /// <summary>Calls <paramref name="found"/> with the index of each name that matches. <paramref name="text"/> is as <c>DirectoryPage.CopyNames</c> writes it, and is folded in place.</summary>
    public void Scan(Span<byte> text, ReadOnlySpan<int> ends, Action<int> found)
    {
        if (!_isAscii)
        {
            for (int i = 0, at = 0; i < ends.Length; at = ends[i++] + 1)
            {
                if (Matches(text[at..ends[i]]))
                    found(i);
            }
            return;
        }
        FoldAscii(text);
        if (_isGlob || _isPrefix)
        {
            for (int i = 0, at = 0; i < ends.Length; at = ends[i++] + 1)
            {
                if (MatchesFolded(text[at..ends[i]]))
                    found(i);
            }
            return;
        }
        for (int from = 0, i = 0; from < text.Length;)
        {
            int hit = text[from..].IndexOf(_pattern);
            if (hit < 0)
                return;
            hit += from;
            while (ends[i] < hit)
                i++;
            found(i);
            from = ends[i] + 1;
        }
    }

    private bool MatchesFolded(ReadOnlySpan<byte> name) => _isGlob ? MatchesGlob(name, _pattern) : _isPrefix ? name.StartsWith(_pattern) : name.IndexOf(_pattern) >= 0;

    private int Fold(ReadOnlySpan<byte> name, Span<byte> folded)
    {
        if (!_isAscii)
            return RowKey.Fold(name, folded);
        name.CopyTo(folded);
        FoldAscii(folded[..name.Length]);
        return name.Length;
    }

    private static void FoldAscii(Span<byte> text)
    {
        Span<Vector<byte>> vectors = MemoryMarshal.Cast<byte, Vector<byte>>(text);
        Vector<byte> first = new((byte)'A'), letters = new((byte)26), bit = new((byte)0x20);
        foreach (ref Vector<byte> v in vectors)
            v |= Vector.LessThan(v - first, letters) & bit;
        foreach (ref byte b in text[(vectors.Length * Vector<byte>.Count)..])
        {
            if ((uint)(b - 'A') < 26)
                b |= 0x20;
        }
    }

    /// <summary>'*' any run, '?' one character. Goes back to the last '*' alone, so it is quadratic at worst.</summary>
    private static bool MatchesGlob(ReadOnlySpan<byte> name, ReadOnlySpan<byte> pattern)
    {
        int n = 0, p = 0, star = -1, retry = 0;
        while (n < name.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                star = p++;
                retry = n;
            }
            else if (p < pattern.Length && pattern[p] == '?')
            {
                p++;
                n += CharacterLength(name[n..]);
            }
            else if (p < pattern.Length && pattern[p] == name[n])
            {
                p++;
                n++;
            }
            else if (star >= 0)
            {
                p = star + 1;
                n = ++retry;
            }
            else
            {
                return false;
            }
        }
        return pattern[p..].IndexOfAnyExcept((byte)'*') < 0;
    }

    private static int CharacterLength(ReadOnlySpan<byte> text)
    {
        Rune.DecodeFromUtf8(text, out _, out int used);
        return Math.Max(1, used);
    }
}
