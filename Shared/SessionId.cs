namespace Capstan.Shared;

/// <summary>Names one session of one gateway. 128 random bits: knowing it is the right to resume it.</summary>
public readonly record struct SessionId(Guid Value)
{
    public static readonly SessionId None = default;

    public bool IsNone => Value == Guid.Empty;

    public static SessionId Parse(ReadOnlySpan<byte> bytes) => bytes.Length == 16 ? new(new Guid(bytes)) : None;

    public byte[] ToBytes() => Value.ToByteArray();

    /// <summary>The first 8 digits: enough to tell sessions apart in a log, not enough to resume one.</summary>
    public override string ToString() => Value.ToString("N")[..8];
}
