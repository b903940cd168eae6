using Capstan.Mds.Sessions;
using Capstan.Shared.Messages;

namespace Capstan.Mds.Caps;

/// <summary>A request that waits for caps, with every directory that it will touch: none of them is granted exclusively meanwhile.</summary>
/// <param name="Since">As a timestamp.</param>
internal sealed record ParkedRequest(MdsSession Session, Request Request, DirectoryCaps[] Directories, long Since);
