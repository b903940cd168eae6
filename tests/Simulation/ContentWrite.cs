using Capstan.ClientGateway;
using Capstan.ClientGateway.Session;
using Capstan.Mds.Namespace;
using Capstan.Shared;
using Capstan.Shared.Messages;

namespace Capstan.Simulation;

/// <summary>A content on its way to the MDS, beside the session's stream: for a file that is there, or for a new one. Its size tells it from every other.</summary>
internal sealed class ContentWrite
{
    public required GatewayCore Core { get; init; }

    public required SessionId By { get; init; }

    public required ToldMark Mark { get; init; }

    public required Caller Caller { get; init; }

    public required long Size { get; init; }

    /// <summary>The file that is to show it, or where a new one is to appear.</summary>
    public required InodeAddress Target { get; init; }

    public required bool IsNew { get; init; }

    public OperationState State { get; private set; } = OperationState.Sent;

    /// <summary>Nobody was told how it ended.</summary>
    public bool IsLost { get; private set; }

    public FsErrno Errno { get; private set; }

    public InodeAttributes? Result { get; private set; }

    public IReadOnlyList<VersionSpan> Changed { get; private set; } = [];

    public bool HasEnded => IsLost || State != OperationState.Sent;

    public bool MayBeApplied => IsLost || State == OperationState.Done;

    public InodeId Ino => IsNew ? Result?.Ino ?? InodeId.None : Target.Ino;

    public NewFile NewFile => new(Target.Dir, Target.Name, 0x1A4);

    public void Lose() => IsLost |= State == OperationState.Sent;

    public void Answered(OperationOutcome outcome)
    {
        Errno = outcome.Errno;
        Result = outcome.Attributes.FirstOrDefault();
        Changed = [.. outcome.Changes.Select(c => new VersionSpan(c.Dir, c.From, c.To))];
    }

    /// <summary>Its user is told.</summary>
    public void Tell() => State = Errno == FsErrno.Ok ? OperationState.Done : OperationState.Failed;

    public override string ToString() => $"content of {Size} bytes for {(IsNew ? "new " : "")}{Target.Dir}/{Target.Name} {(IsLost ? "lost" : State)} {Errno}";
}
