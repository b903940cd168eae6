using Capstan.ClientGateway;
using Capstan.WebUi.ViewModels;
using Radzen;

namespace Capstan.WebUi.Components.Controls;

/// <summary>Opens the complete list of what could not be done.</summary>
internal static class FailureLists
{
    /// <returns>Whether all of it is to be tried again.</returns>
    public static async Task<bool> ShowAsync(DialogService dialogs, string title, IReadOnlyList<JobFailure> failures, string address, bool canRetry) =>
        await dialogs.AskAsync<FailureListDialog>(
            title,
            new()
            {
                [nameof(FailureListDialog.Failures)] = failures,
                [nameof(FailureListDialog.Address)] = address,
                [nameof(FailureListDialog.CanRetry)] = canRetry,
            },
            760) is true;

    public static async Task ShowAsync(DialogService dialogs, IOperationLog log, OperationJob job)
    {
        if (await ShowAsync(dialogs, job.Title, job.Failures, FailureText.AddressOf(job), job.IsFinished))
            log.Retry(job);
    }
}
