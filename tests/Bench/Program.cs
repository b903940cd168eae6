using System.CommandLine;
using System.Text.Json;
using Capstan.Bench;

Option<int> files = new("--files") { DefaultValueFactory = _ => 10_000 };
Option<int> entries = new("--entries") { DefaultValueFactory = _ => 1_000_000 };
Option<int> ops = new("--ops") { DefaultValueFactory = _ => 100_000 };
Option<double> rtt = new("--rtt") { Description = "Round trip that the proxy adds, in milliseconds.", DefaultValueFactory = _ => 10 };
Option<int> sample = new("--sample") { Description = "Calls measured one at a time; scaled to --files.", DefaultValueFactory = _ => 300 };
Option<bool> json = new("--json") { Description = "One JSON object a line." };

Option<int> viewers = new("--viewers") { Description = "Gateways that view the directory; beside it the same under sole caps." };
Command unlink = new("unlink") { files, rtt, sample, viewers, json };
unlink.SetAction(async parsed => Print(parsed.GetValue(viewers) is > 0 and var watching
    ? await SharedUnlinkScenario.RunAsync(parsed.GetValue(files), parsed.GetValue(rtt), watching)
    : await UnlinkScenario.RunAsync(parsed.GetValue(files), parsed.GetValue(rtt), parsed.GetValue(sample)), parsed.GetValue(json)));
Option<int> directories = new("--directories") { DefaultValueFactory = _ => 1_000 };
Command tree = new("tree") { files, directories, rtt, sample, json };
tree.SetAction(async parsed => Print(await TreeScenario.RunAsync(parsed.GetValue(files), parsed.GetValue(directories), parsed.GetValue(rtt), parsed.GetValue(sample)), parsed.GetValue(json)));
Option<int> times = new("--times") { DefaultValueFactory = _ => 100_000 };
Option<double> jitter = new("--jitter") { Description = "Random delay that the proxy adds to a round trip, in milliseconds, at most.", DefaultValueFactory = _ => 4 };
Command recreate = new("recreate") { times, jitter, json };
recreate.SetAction(async parsed => Print(await RecreateScenario.RunAsync(parsed.GetValue(times), parsed.GetValue(jitter)), parsed.GetValue(json)));
Option<int> inFlight = new("--files") { DefaultValueFactory = _ => 1_000 };
Command revoke = new("revoke") { inFlight, rtt, json };
revoke.SetAction(async parsed => Print(await RevokeScenario.RunAsync(parsed.GetValue(inFlight), parsed.GetValue(rtt)), parsed.GetValue(json)));
Option<int> count = new("--count") { DefaultValueFactory = _ => 100 };
Option<int> held = new("--directories") { DefaultValueFactory = _ => 100 };
Command gateways = new("gateways") { count, held, rtt, json };
gateways.SetAction(async parsed => Print(await GatewaysScenario.RunAsync(parsed.GetValue(count), parsed.GetValue(held), parsed.GetValue(rtt)), parsed.GetValue(json)));
Command readdir = new("readdir") { entries, rtt, json };
readdir.SetAction(async parsed => Print(await ReaddirScenario.RunAsync(parsed.GetValue(entries), parsed.GetValue(rtt)), parsed.GetValue(json)));
Command mds = new("mds") { ops, json };
mds.SetAction(async parsed => Print(await MdsScenario.RunAsync(parsed.GetValue(ops)), parsed.GetValue(json)));

Command view = new("view") { entries, json };
view.SetAction(parsed => Print(ViewScenario.Run(parsed.GetValue(entries)), parsed.GetValue(json)));

Option<int> rate = new("--rate") { Description = "Changes a second.", DefaultValueFactory = _ => 10_000 };
Option<int> seconds = new("--seconds") { DefaultValueFactory = _ => 10 };
Command churn = new("churn") { entries, rate, seconds, json };
churn.SetAction(async parsed => Print(await ChurnScenario.RunAsync(parsed.GetValue(entries), parsed.GetValue(rate), parsed.GetValue(seconds)), parsed.GetValue(json)));
Command redis = new("redis") { entries, rtt, json };
redis.SetAction(async parsed => Print(await RedisScenario.RunAsync(parsed.GetValue(entries), parsed.GetValue(rtt)), parsed.GetValue(json)));
Option<int> crowdSize = new("--gateways") { DefaultValueFactory = _ => 100 };
Command crowd = new("crowd") { crowdSize, entries, json };
crowd.SetAction(async parsed => Print(await CrowdScenario.RunAsync(parsed.GetValue(crowdSize), parsed.GetValue(entries)), parsed.GetValue(json)));
Option<int> scanned = new("--directories") { DefaultValueFactory = _ => 200 };
Option<int> scannedEntries = new("--entries") { DefaultValueFactory = _ => 100_000 };
Option<int> readers = new("--readers") { DefaultValueFactory = _ => 50 };
Option<int> budget = new("--budget") { Description = "Of the cache, in MiB.", DefaultValueFactory = _ => 256 };
Command scan = new("scan") { scanned, scannedEntries, readers, budget, json };
scan.SetAction(async parsed => Print(await ScanScenario.RunAsync(parsed.GetValue(scanned), parsed.GetValue(scannedEntries), parsed.GetValue(readers), parsed.GetValue(budget)), parsed.GetValue(json)));

Option<string> address = new("--mds") { Description = "A running MDS.", Required = true };
Option<string> name = new("--name") { DefaultValueFactory = _ => "million" };
Command fill = new("fill", "Makes a directory of many empty files on a running MDS, to try things by hand.") { address, name, entries };
fill.SetAction(async parsed => Print(await FillScenario.RunAsync(parsed.GetValue(address)!, parsed.GetValue(name)!, parsed.GetValue(entries)), asJson: true));

Option<string?> part = new("--part") { Description = "Measures one part alone." };
part.AcceptOnlyFromAmong(BrowserScenario.Parts);
Command browser = new("browser", "What a user waits for: Chromium before the web server.") { entries, part, json };
browser.SetAction(async parsed => Print(await BrowserScenario.RunAsync(parsed.GetValue(entries), parsed.GetValue(part)), parsed.GetValue(json)));

Option<int> known = new("--directories") { DefaultValueFactory = _ => 10_000 };
Option<int> waiting = new("--pending") { DefaultValueFactory = _ => 10_000 };
Command dashboard = new("dashboard", "What the cache page costs a gateway that holds much.") { entries, known, waiting, seconds, json };
dashboard.SetAction(async parsed => Print(await DashboardScenario.RunAsync(parsed.GetValue(entries), parsed.GetValue(known), parsed.GetValue(waiting), parsed.GetValue(seconds)), parsed.GetValue(json)));

Option<int> idleOnes = new("--directories") { DefaultValueFactory = _ => 50_000 };
Command idle = new("idle", "What a gateway keeps of a directory that nobody uses.") { idleOnes, json };
idle.SetAction(parsed => Print(IdleScenario.Run(parsed.GetValue(idleOnes)), parsed.GetValue(json)));

RootCommand bench = new("Scenarios with a real MDS process, real sockets and a delaying proxy.") { unlink, tree, recreate, revoke, gateways, readdir, view, churn, redis, crowd, scan, mds, dashboard, idle, fill, browser };
return await bench.Parse(args).InvokeAsync();

static void Print(object result, bool asJson) =>
    Console.WriteLine(JsonSerializer.Serialize(result, asJson ? JsonSerializerOptions.Default : new JsonSerializerOptions { WriteIndented = true }));
