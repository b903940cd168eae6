using Capstan.Simulation;

// --seeds A..B: play these schedules. --trace: print the trace of each, not only of those that fail. --seconds N: stop after so long. --directories N: each gateway keeps no more.
int first = 1, last = int.MaxValue;
double? seconds = null;
int? directories = null;
for (int i = 0; i < args.Length; i++)
{
    if (args[i] == "--seeds" && i + 1 < args.Length)
    {
        string[] range = args[++i].Split("..");
        first = int.Parse(range[0]);
        last = int.Parse(range[^1]);
    }
    else if (args[i] == "--seconds" && i + 1 < args.Length)
    {
        seconds = double.Parse(args[++i]);
    }
    else if (args[i] == "--directories" && i + 1 < args.Length)
    {
        directories = int.Parse(args[++i]);
    }
}
TimeSpan atMost = TimeSpan.FromSeconds(seconds ?? (last == int.MaxValue ? 20 : 1e6));
Player player = Player.Play(first, last, atMost, args.Contains("--trace"), Console.Out, maxDirectories: directories);
player.Tell(Console.Out);
return player.Failed.Count == 0 ? 0 : 1;
