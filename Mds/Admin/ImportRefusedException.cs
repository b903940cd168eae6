using Capstan.Shared;

namespace Capstan.Mds.Admin;

/// <summary>The filesystem inside would not take one entry; ends the work on that entry alone.</summary>
internal sealed class ImportRefusedException(FsErrno errno)
    : Exception(errno == FsErrno.Exists ? "something else of that name is there already" : $"refused with {errno}");
