using System.CommandLine;
using Capstan.Mds.Hosting;

RootCommand capstan = new("Capstan's metadata server.")
{
    ServeCommand.Create(),
};
return await capstan.Parse(args).InvokeAsync();
