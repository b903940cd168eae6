using System.Globalization;
using Capstan.Shared;

namespace Capstan.WebUi.DevHost.Fakes;

/// <summary>Others at work: names come and go in the directory "busy", five times a second.</summary>
internal sealed class FakeTraffic(FakeFileSystem files) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        FakeDirectory busy = files.Root.Directory!.Find(FileName.Create("busy"))!.Directory!;
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(200), files.Time);
        Queue<FileName> made = [];
        for (int i = 0; await timer.WaitForNextTickAsync(stoppingToken); i++)
        {
            FileName name = FileName.Create(string.Create(CultureInfo.InvariantCulture, $"{i % 10}-arrival {i:00000}"));
            made.Enqueue(name);
            busy.Put(name, files.NewFile(1000 + i));
            if (made.Count > 30)
                busy.Remove(made.Dequeue());
        }
    }
}
