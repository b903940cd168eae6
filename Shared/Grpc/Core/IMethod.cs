namespace Grpc.Core;

/// <summary>A method of a service, whatever its messages.</summary>
public interface IMethod
{
    MethodType Type { get; }

    string ServiceName { get; }

    string Name { get; }

    /// <summary>Path of its requests: "/service/name".</summary>
    string FullName { get; }
}
