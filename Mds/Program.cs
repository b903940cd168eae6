using System.CommandLine;
using Capstan.Mds.Admin;
using Capstan.Mds.Hosting;

TimeProvider time = TimeProvider.System;

RootCommand program = new("Capstan's metadata server and the tools for its data directory.")
{
    ServeCommand.Create(),
    AdminCommands.Import(time),
    AdminCommands.Export(time),
    AdminCommands.Check(time),
};
return await program.Parse(args).InvokeAsync();
