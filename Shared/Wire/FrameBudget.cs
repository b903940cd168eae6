namespace Capstan.Shared.Wire;

/// <summary>What a frame may still take. One message that is larger than a whole frame gets a frame of its own.</summary>
internal struct FrameBudget
{
    /// <summary>Tag and length of a message inside its frame, and of its kind inside the message, and a run's own fields.</summary>
    private const int Overhead = 64;

    public static readonly FrameBudget Full = new() { Messages = FrameLimits.MaxMessages, Bytes = FrameLimits.MaxBytes };

    public int Messages { get; private set; }

    public int Bytes { get; private set; }

    public readonly bool IsSpent => Messages <= 0 || Bytes <= 0;

    public readonly bool Holds(int size) => size <= Bytes || Bytes == FrameLimits.MaxBytes;

    public void Take(int messages, int size)
    {
        Messages -= messages;
        Bytes -= size + Overhead;
    }
}
