using System.Text;
using Capstan.Shared;

namespace Capstan.WebUi.ViewModels;

/// <summary>
/// A path from the root, and its form in an address: each name's bytes percent-encoded, so that every name survives, also
/// those with '%', '#', '\', a newline, or bytes that are not UTF-8.
/// </summary>
public sealed record FilePath(IReadOnlyList<FileName> Names)
{
    public static readonly FilePath Root = new([]);

    public bool IsRoot => Names.Count == 0;

    /// <summary>The last name; <c>default</c> for the root.</summary>
    public FileName Name => IsRoot ? default : Names[^1];

    public FilePath Parent => IsRoot ? this : new FilePath([.. Names.Take(Names.Count - 1)]);

    public FilePath Ancestor(int depth) => new([.. Names.Take(depth)]);

    public FilePath Append(FileName name) => new([.. Names, name]);

    public string ToFilesUrl() => "/files/" + ToUrlPath();

    public string ToDownloadUrl() => "/download/" + ToUrlPath();

    public string ToPreviewUrl() => "/preview/" + ToUrlPath();

    public string ToEditUrl() => "/edit/" + ToUrlPath();

    public string ToUrlPath() => string.Join('/', Names.Select(EncodeName));

    /// <summary>Reads an encoded path, without its prefix, query and fragment.</summary>
    public static bool TryParse(string encoded, out FilePath path)
    {
        path = Root;
        List<FileName> names = [];
        foreach (string segment in encoded.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (FileName.TryCreate(DecodeBytes(segment), out FileName name) != FsErrno.Ok)
                return false;
            names.Add(name);
        }
        path = new FilePath(names);
        return true;
    }

    /// <summary>Reads the path out of a whole address or a request target, raw as it was sent.</summary>
    public static bool TryParseUrl(string url, string prefix, out FilePath path)
    {
        path = Root;
        int end = url.AsSpan().IndexOfAny('?', '#');
        string bare = end < 0 ? url : url[..end];
        int scheme = bare.IndexOf("://", StringComparison.Ordinal);
        int start = scheme < 0 ? 0 : bare.IndexOf('/', scheme + 3);
        bare = start < 0 ? "/" : bare[start..];
        if (bare.TrimEnd('/') == prefix.TrimEnd('/'))
            return true;
        return bare.StartsWith(prefix, StringComparison.Ordinal) && TryParse(bare[prefix.Length..], out path);
    }

    public static string EncodeName(FileName name)
    {
        StringBuilder encoded = new(name.Length);
        foreach (byte b in name.Span)
            if (char.IsAsciiLetterOrDigit((char)b) || b is (byte)'-' or (byte)'_' or (byte)'.' or (byte)'~')
                encoded.Append((char)b);
            else
                encoded.Append('%').Append(b.ToString("X2"));
        return encoded.ToString();
    }

    public static FsErrno TryDecodeName(string segment, out FileName name) => FileName.TryCreate(DecodeBytes(segment), out name);

    public bool Equals(FilePath? other) => other is not null && Names.SequenceEqual(other.Names);

    public override int GetHashCode() => Names.Aggregate(17, HashCode.Combine);

    public override string ToString() => "/" + string.Join('/', Names);

    private static byte[] DecodeBytes(string segment)
    {
        byte[] text = Encoding.UTF8.GetBytes(segment);
        int length = 0;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '%' && i + 2 < text.Length && char.IsAsciiHexDigit((char)text[i + 1]) && char.IsAsciiHexDigit((char)text[i + 2]))
            {
                text[length++] = Convert.ToByte(Encoding.ASCII.GetString(text, i + 1, 2), 16);
                i += 2;
            }
            else
            {
                text[length++] = text[i];
            }
        }
        return text[..length];
    }
}
