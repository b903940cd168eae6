using System.Diagnostics.CodeAnalysis;

namespace Capstan.Shared;

/// <summary>A value, or the errno that stands in its place. Expected outcomes of the filesystem travel as values.</summary>
public readonly record struct FsResult<T>
{
    private FsResult(T? value, FsErrno errno)
    {
        Value = value;
        Errno = errno;
    }

    public T? Value { get; }

    public FsErrno Errno { get; }

    [MemberNotNullWhen(true, nameof(Value))]
    public bool IsOk => Errno == FsErrno.Ok;

    internal static FsResult<T> Of(T value) => new(value, FsErrno.Ok);

    public static implicit operator FsResult<T>(T value) => new(value, FsErrno.Ok);

    public static implicit operator FsResult<T>(FsErrno errno) =>
        errno == FsErrno.Ok ? throw new ArgumentException("Ok needs a value.", nameof(errno)) : new(default, errno);

    public override string ToString() => IsOk ? $"{Value}" : Errno.ToString();
}

/// <summary>Makes results of interface types, for which there is no implicit conversion.</summary>
public static class FsResult
{
    public static FsResult<T> Of<T>(T value) => FsResult<T>.Of(value);
}
