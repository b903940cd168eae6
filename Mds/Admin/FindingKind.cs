namespace Capstan.Mds.Admin;

public enum FindingKind
{
    /// <summary>A maintained number is not what counting gives.</summary>
    WrongCount,

    /// <summary>A row refers to something that is not there, or that does not refer back.</summary>
    BrokenReference,

    /// <summary>Something that no name leads to.</summary>
    Orphan,

    /// <summary>A value that no operation could have made.</summary>
    BadValue,

    /// <summary>A file's bytes are missing or too few.</summary>
    MissingContent,

    /// <summary>A content file that nothing shows: left by a crash between filing and committing. Harmless but for its space.</summary>
    OrphanContent,
}
