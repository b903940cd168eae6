namespace Capstan.Mds.Sessions;

/// <summary>Runs page streams beside the writer loop: on threads in a server, step by step in a simulation.</summary>
internal interface IPagePump
{
    void Start(PageStream stream);

    /// <summary>The stream has become more urgent: somebody waits for it by now, or it is to end.</summary>
    void Hurry(PageStream stream)
    {
    }
}
