namespace Capstan.ClientGateway.Session;
internal sealed class SessionLoop { public void Flush() { } }
