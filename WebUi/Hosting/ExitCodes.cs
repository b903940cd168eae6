namespace Capstan.WebUi.Hosting;

internal static class ExitCodes
{
    public const int Ok = 0;
    public const int BadConfiguration = 2;
    public const int AddressInUse = 3;
}
