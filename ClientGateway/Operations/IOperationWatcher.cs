namespace Capstan.ClientGateway.Operations;

/// <summary>Who counts an operation and goes on when it has been sent or has ended. Called under the gateway's lock; asks for nothing from within.</summary>
internal interface IOperationWatcher
{
    void Sent(TrackedOperation operation);

    void Ended(TrackedOperation operation);
}
