namespace Grpc.Core.Framing;

/// <summary>Metadata to header values and back: bytes cross the wire in base64, without its padding.</summary>
internal static class MetadataCodec
{
    public static string ToHeader(Metadata.Entry entry) =>
        entry.IsBinary ? Convert.ToBase64String(entry.ValueBytes).TrimEnd('=') : entry.Value;

    public static void Add(Metadata metadata, string name, string value)
    {
        if (HeaderNames.IsReserved(name))
            return;
        if (!name.EndsWith(Metadata.BinaryHeaderSuffix, StringComparison.OrdinalIgnoreCase))
        {
            metadata.Add(name, value);
            return;
        }
        // Several values of one key may come joined by commas.
        foreach (string part in value.Split(',', StringSplitOptions.TrimEntries))
            metadata.Add(name, FromBase64(part));
    }

    private static byte[] FromBase64(string text)
    {
        try
        {
            string unpadded = text.TrimEnd('=');
            return Convert.FromBase64String(unpadded.PadRight((unpadded.Length + 3) / 4 * 4, '='));
        }
        catch (FormatException e)
        {
            throw new RpcException(new Status(StatusCode.Internal, "A binary header is not base64.", e));
        }
    }
}
