namespace Capstan.ClientGateway;

/// <summary>What happens to an entry whose name is taken where it goes.</summary>
public enum ConflictChoice
{
    /// <summary>Somebody is asked; the job goes on with the rest meanwhile.</summary>
    Ask,

    /// <summary>It stays where it is.</summary>
    Skip,

    /// <summary>What is there goes to the trash first. Of two directories: the one is merged into the other.</summary>
    Replace,

    /// <summary>It gets another name: "name (2).ext".</summary>
    KeepBoth,

    /// <summary>It fails with EEXIST.</summary>
    Fail,
}
