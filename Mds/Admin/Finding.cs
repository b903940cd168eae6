namespace Capstan.Mds.Admin;

/// <summary>Something that the checker found not to be as it must.</summary>
public sealed record Finding(FindingKind Kind, string Text)
{
    public override string ToString() => $"{Kind}: {Text}";
}
