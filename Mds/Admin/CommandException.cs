namespace Capstan.Mds.Admin;

/// <summary>A command that cannot run, told in words for whoever typed it.</summary>
public sealed class CommandException(string message) : Exception(message);
