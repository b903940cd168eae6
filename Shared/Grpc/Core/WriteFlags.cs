namespace Grpc.Core;

/// <summary>How a message is written.</summary>
[Flags]
public enum WriteFlags
{
    /// <summary>May stay in the buffer: another message follows.</summary>
    BufferHint = 1,

    NoCompress = 2,
}
