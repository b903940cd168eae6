namespace Capstan.WebUi.ViewModels.Organize;

/// <summary>Jobs that were asked for in this tab: it is the one that puts their questions before the user by itself.</summary>
public sealed class StartedJobs
{
    private readonly HashSet<long> _ids = [];

    public void Add(long id) => _ids.Add(id);

    /// <summary>True once.</summary>
    public bool Take(long id) => _ids.Remove(id);
}
