namespace Grpc.Core;

/// <summary>Tells which static method binds the methods of a generated service base.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class BindServiceMethodAttribute(Type bindType, string bindMethodName) : Attribute
{
    public Type BindType { get; } = bindType;

    public string BindMethodName { get; } = bindMethodName;
}
