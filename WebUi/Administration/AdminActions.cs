using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.WebUi.ViewModels;

namespace Capstan.WebUi.Administration;

/// <summary>What an administrator can do to the client. Each action says what it has done, and leaves a line in the audit log.</summary>
public sealed class AdminActions(IGatewayAdministration gateway, Administrators administrators, AuditLog audit)
{
    public static string Where(string path, bool subtree) => subtree ? $"{path} and below" : path;

    public string Drop(string path, bool subtree) => Audited("drop cache", Where(path, subtree), () =>
    {
        CacheExtent dropped = gateway.Drop(path, subtree);
        return $"Dropped {SizeText.Count(dropped.Pages, "page")} ({SizeText.Bytes(dropped.Bytes)}) of {SizeText.Number(dropped.Directories)} directories.";
    });

    public string ReleaseCaps(string path, bool subtree) => Audited("release caps", Where(path, subtree), () =>
    {
        CacheExtent extent = gateway.ReleaseCaps(path, subtree);
        return $"Gave back {SizeText.Count(extent.Caps - extent.InUse, "cap record")}; {SizeText.Number(extent.InUse)} are in use and stay.";
    });

    public async Task<string> FlushAsync(CancellationToken cancellation) => await AuditedAsync("flush", "", async () =>
    {
        (int waited, int failed) = await gateway.FlushAsync(cancellation);
        return $"{SizeText.Count(waited, "operation")} confirmed or failed, of which {SizeText.Number(failed)} failed.";
    });

    public string Reconnect() => Audited("reconnect", "", () =>
    {
        gateway.Reconnect();
        return "The connection was cut; the session resumes by itself.";
    });

    public string SetLimits(GatewayLimits limits) => Audited(
        "set limits", $"budget {limits.PageBudgetBytes} bytes, readahead {limits.MaxReadaheadPages} pages, in flight {limits.MaxInFlight}, per directory {limits.MaxInFlightPerDirectory}", () =>
        {
            gateway.Limits = limits;
            return "The limits hold from now on, until the program ends.";
        });

    public Task<string> EvictAsync(string handle, CancellationToken cancellation) => AuditedAsync("evict session", handle, async () =>
    {
        FsErrno errno = await gateway.EvictSessionAsync(administrators.Caller, handle, cancellation);
        return errno switch
        {
            FsErrno.Ok => $"Session {handle} was evicted.",
            FsErrno.NoEntry => $"There is no session {handle} any more.",
            _ => ErrorText.Of(errno).Sentence,
        };
    });

    public async Task<FsResult<IPathTrace>> TraceAsync(string path, IReadOnlyList<FileName> names, CancellationToken cancellation)
    {
        Demand();
        FsResult<IPathTrace> trace = await gateway.TraceAsync(administrators.Caller, names, cancellation);
        audit.Write(administrators.Caller.Uid, "trace", path, trace.IsOk ? "A trace of a minute has begun." : ErrorText.Of(trace.Errno).Sentence);
        return trace;
    }

    /// <summary>Something is handed out: a bundle, a table.</summary>
    public void Note(string action, string target)
    {
        Demand();
        audit.Write(administrators.Caller.Uid, action, target, "");
    }

    private string Audited(string action, string target, Func<string> act)
    {
        Demand();
        string outcome = "It did not end.";
        try
        {
            return outcome = act();
        }
        catch (ArgumentException e)
        {
            return outcome = $"Refused: {e.Message}";
        }
        finally
        {
            audit.Write(administrators.Caller.Uid, action, target, outcome);
        }
    }

    private async Task<string> AuditedAsync(string action, string target, Func<Task<string>> act)
    {
        Demand();
        string outcome = "It did not end.";
        try
        {
            return outcome = await act();
        }
        finally
        {
            audit.Write(administrators.Caller.Uid, action, target, outcome);
        }
    }

    private void Demand()
    {
        if (!administrators.IsAdministrator)
            throw new UnauthorizedAccessException(administrators.RefusalText);
    }
}
