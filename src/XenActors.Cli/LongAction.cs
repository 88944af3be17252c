using System.CommandLine;

namespace XenActors.Cli;

/// <summary>What a command does when that takes its time.</summary>
internal static class LongAction
{
    // A deep scenario needs more than a thread has by default.
    private const int StackBytes = 16 << 20;

    /// <summary>
    /// On a thread of its own: interrupts are listened to once this has returned. The action sees them in its token and ends with
    /// <see cref="OperationCanceledException"/>, all that it has opened put away.
    /// </summary>
    public static void SetLongAction(this Command command, Func<ParseResult, CancellationToken, int> run) => command.SetAction((result, cancel) =>
    {
        var ended = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(
            () =>
            {
                try
                {
                    ended.SetResult(run(result, cancel));
                }
                catch (Exception cause)
                {
                    ended.SetException(cause);
                }
            },
            StackBytes) { IsBackground = true, Name = command.Name };
        thread.Start();
        return ended.Task;
    });
}
