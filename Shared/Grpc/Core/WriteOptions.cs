namespace Grpc.Core;

/// <summary>Write flags of a message or of a whole stream.</summary>
public sealed class WriteOptions(WriteFlags flags = default)
{
    public static readonly WriteOptions Default = new();

    public WriteFlags Flags { get; } = flags;
}
