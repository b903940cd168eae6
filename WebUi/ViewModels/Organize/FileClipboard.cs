using System.Collections.Concurrent;
using Capstan.Shared;

namespace Capstan.WebUi.ViewModels.Organize;

/// <summary>One clipboard a user, in the server: what was copied in one tab can be pasted in another. Thread-safe.</summary>
public sealed class FileClipboard
{
    private readonly ConcurrentDictionary<uint, ClipboardContent> _contents = [];
    private long _version;

    /// <summary>One more with each change of anybody's.</summary>
    public long Version => Interlocked.Read(ref _version);

    public ClipboardContent? Of(Caller caller) => _contents.GetValueOrDefault(caller.Uid);

    public void Put(Caller caller, ClipboardContent content)
    {
        _contents[caller.Uid] = content;
        Interlocked.Increment(ref _version);
    }

    /// <summary>What was cut can be pasted once.</summary>
    public void Clear(Caller caller, ClipboardContent content)
    {
        _contents.TryRemove(new(caller.Uid, content));
        Interlocked.Increment(ref _version);
    }
}
