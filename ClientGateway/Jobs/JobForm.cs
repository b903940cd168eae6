namespace Capstan.ClientGateway.Jobs;

/// <summary>How a journalled job is carried out. The numbers are on disk.</summary>
internal enum JobForm : byte
{
    Remove = 1,
    RemoveTrees = 2,
    MoveToTrash = 3,
    Restore = 4,
    Purge = 5,
    Transfer = 6,
    Attributes = 7,

    /// <summary>To the trash with what has no trash id; the others come out of it.</summary>
    UndoCopy = 8,
}
