using System.Buffers;
using Capstan.Shared;
using Capstan.Shared.Pages;

namespace Capstan.ClientGateway.Views;

/// <summary>The order of a listing for entries that are in none: byte strings whose order is that of the rows (<see cref="RowKey"/>).</summary>
public static class EntryOrder
{
    /// <summary>Of entries, as a listing of this spec would have them; equal keys are of the same name but for case and leading zeros.</summary>
    public static byte[] Key(ViewSpec spec, FileName name, InodeAttributes attributes)
    {
        Span<byte> key = stackalloc byte[RowKey.MaxLength];
        return key[..RowKey.Write(spec, name.Span, PageRow.Of(attributes), key)].ToArray();
    }

    /// <summary>Of paths: name by name in natural order, what is above before what is below.</summary>
    public static byte[] Key(IEnumerable<FileName> path)
    {
        ArrayBufferWriter<byte> key = new();
        foreach (FileName name in path)
        {
            Span<byte> part = key.GetSpan(RowKey.MaxLength);
            int length = RowKey.WriteNatural(name.Span, part);
            part[length] = 0;
            key.Advance(length + 1);
        }
        return key.WrittenSpan.ToArray();
    }
}
