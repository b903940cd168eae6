namespace Grpc.Core;

/// <summary>Base of generated clients.</summary>
public abstract class ClientBase
{
    protected ClientBase(ChannelBase channel)
        : this(channel.CreateCallInvoker())
    {
    }

    protected ClientBase(CallInvoker callInvoker)
        : this(new ClientBaseConfiguration(callInvoker))
    {
    }

    /// <summary>For test doubles.</summary>
    protected ClientBase()
        : this(new ClientBaseConfiguration(null))
    {
    }

    protected ClientBase(ClientBaseConfiguration configuration) => Configuration = configuration;

    protected CallInvoker CallInvoker => Configuration.CallInvoker ?? throw new NotSupportedException("This client was made without a channel.");

    internal ClientBaseConfiguration Configuration { get; }

    /// <summary>What a client was made with.</summary>
    protected internal sealed class ClientBaseConfiguration
    {
        internal ClientBaseConfiguration(CallInvoker? callInvoker) => CallInvoker = callInvoker;

        internal CallInvoker? CallInvoker { get; }
    }
}
