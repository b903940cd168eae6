using System.Text;

namespace Grpc.Core.Framing;

/// <summary>grpc-message: UTF-8 with everything but printable ASCII, and '%' itself, as %HH.</summary>
internal static class StatusMessageCodec
{
    public static string Encode(string message)
    {
        if (message.All(c => c is >= ' ' and <= '~' and not '%'))
            return message;
        StringBuilder text = new(message.Length * 2);
        foreach (byte b in Encoding.UTF8.GetBytes(message))
        {
            if (b is >= (byte)' ' and <= (byte)'~' and not (byte)'%')
                text.Append((char)b);
            else
                text.Append('%').Append(b.ToString("X2"));
        }
        return text.ToString();
    }

    /// <summary>What is no valid escape stays as it is: a damaged message is better than none.</summary>
    public static string Decode(string encoded)
    {
        if (!encoded.Contains('%'))
            return encoded;
        byte[] source = Encoding.UTF8.GetBytes(encoded);
        byte[] bytes = new byte[source.Length];
        int length = 0;
        for (int i = 0; i < source.Length; i++)
        {
            if (source[i] == '%' && i + 2 < source.Length && char.IsAsciiHexDigit((char)source[i + 1]) && char.IsAsciiHexDigit((char)source[i + 2]))
            {
                bytes[length++] = (byte)(Convert.FromHexString([(char)source[i + 1], (char)source[i + 2]])[0]);
                i += 2;
            }
            else
            {
                bytes[length++] = source[i];
            }
        }
        return Encoding.UTF8.GetString(bytes, 0, length);
    }
}
