namespace Capstan.ClientGateway.Jobs;

/// <summary>How the work on an entry ended for now.</summary>
internal enum StepKind
{
    Done,
    Failed,

    /// <summary>Skipped, or not begun.</summary>
    LeftOut,

    /// <summary>A directory: what is in it comes next.</summary>
    Descends,

    /// <summary>Somebody has to answer first.</summary>
    Asked,

    /// <summary>The gateway was closed.</summary>
    Halted,
}
