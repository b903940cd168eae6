using Capstan.Simulation;

// --seeds A..B: play these schedules. --trace: print the trace of each, not only of those that fail. --seconds N: stop after so long.
int first = 1, last = 200;
double seconds = double.MaxValue;
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
}
return Player.Play(first, last, TimeSpan.FromSeconds(Math.Min(seconds, 1e6)), args.Contains("--trace"), Console.Out) == 0 ? 0 : 1;
