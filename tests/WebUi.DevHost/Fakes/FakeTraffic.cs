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
        for (int i = 0; !stoppingToken.IsCancellationRequested && await timer.WaitForNextTickAsync(CancellationToken.None); i++)
        {
            // Ten come, ten go, and so on: ranks swing.
            if (i / 10 % 2 == 1)
            {
                busy.Remove(made.Dequeue());
                continue;
            }
            FileName name = FileName.Create(string.Create(CultureInfo.InvariantCulture, $"0-arrival {i:00000}"));
            made.Enqueue(name);
            busy.Put(name, files.NewFile(1000 + i));
        }
    }
}
