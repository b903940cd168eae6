using Microsoft.Extensions.Hosting;

namespace Capstan.Mds.Hosting;

/// <summary>A host that listens to no signal: it ends when its owner disposes it.</summary>
internal sealed class OwnerLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
