namespace Capstan.Shared.Wire;

/// <summary>Most requests of a frame are one caller's: it is decoded, and encoded, once.</summary>
internal struct CallerMemory
{
    private Protos.Caller? _proto;
    private Caller? _caller;

    public FsErrno TryDecode(Protos.Caller? proto, out Caller caller)
    {
        if (proto is not null && _caller is not null && proto.Equals(_proto))
        {
            caller = _caller;
            return FsErrno.Ok;
        }
        FsErrno errno = AttributeMapping.TryDecode(proto, out caller);
        if (errno == FsErrno.Ok)
            (_proto, _caller) = (proto, caller);
        return errno;
    }

    public Protos.Caller Encode(Caller caller)
    {
        if (_caller is null || _proto is null || !caller.IsSameAs(_caller))
            (_proto, _caller) = (caller.ToProto(), caller);
        return _proto;
    }
}
