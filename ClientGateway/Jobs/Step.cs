using Capstan.Shared;

namespace Capstan.ClientGateway.Jobs;

internal readonly record struct Step(StepKind Kind)
{
    public static readonly Step LeftOut = new(StepKind.LeftOut);
    public static readonly Step Asked = new(StepKind.Asked);
    public static readonly Step Halted = new(StepKind.Halted);

    public FsErrno Errno { get; private init; }

    /// <summary>What failed, when its row is to show it.</summary>
    public PendingOperation? Operation { get; private init; }

    public TransferNode? Node { get; private init; }

    public long Bytes { get; private init; }

    public static Step Done(long bytes = 0) => new(StepKind.Done) { Bytes = bytes };

    public static Step Failed(FsErrno errno, PendingOperation? operation = null) => new(StepKind.Failed) { Errno = errno, Operation = operation };

    public static Step Into(TransferNode node) => new(StepKind.Descends) { Node = node };
}
