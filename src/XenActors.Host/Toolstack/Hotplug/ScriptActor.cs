using XenActors.Machine;
using XenActors.Simulation;
using XenActors.Toolstack.Libxl;
using XenActors.Xenstore;

namespace XenActors.Toolstack.Hotplug;

/// <summary>What every run of a script remembers.</summary>
public interface IScriptState
{
    XenstoreClient Xs { get; }

    HostLatencies? Latencies { get; }

    /// <summary>XENBUS_PATH.</summary>
    string Path { get; }

    /// <summary>What went wrong; empty when nothing did.</summary>
    string Error { get; set; }

    /// <summary>It has given up, and ends when it has said so.</summary>
    bool Fatal { get; set; }

    StoreBatch Batch { get; set; }
}

/// <summary>One run of a hotplug script: it takes its time to start, goes from batch to batch, and tells its parent how it ended.</summary>
public abstract class ScriptActor<TState> : Actor<TState>
    where TState : class, ICodec<TState>, IScriptState
{
    protected override void PreStart() =>
        Context.StartTimer(new ScriptWorked(), Context.Random.Jitter(State.Latencies!.Script, State.Latencies.JitterPercent));

    protected override void PostStop() => Context.Tell(State.Xs.Server, new XsDisconnect());

    public void On(in ScriptWorked m)
    {
        if (m.Error is { } error)
        {
            // fatal() of xen-hotplug-common.sh
            State.Error = error;
            State.Fatal = true;
            State.Batch = new StoreBatch().Write($"{State.Path}/hotplug-error", error).Write($"{State.Path}/hotplug-status", "error");
            if (!State.Batch.Advance(Context, State.Xs))
            {
                return;
            }

            End();
            return;
        }

        Advance();
    }

    public void On(in XsReply m)
    {
        if (!State.Xs.Accept(in m) || !State.Batch.Advance(Context, State.Xs))
        {
            return;
        }

        if (State.Fatal)
        {
            End();
        }
        else
        {
            Advance();
        }
    }

    /// <summary>The script has started, or its last batch is answered.</summary>
    protected abstract void Advance();

    protected void Run(StoreBatch batch)
    {
        State.Batch = batch;
        if (batch.Advance(Context, State.Xs))
        {
            Advance();
        }
    }

    protected void End()
    {
        Context.Tell(Context.Parent, new ScriptEnded(State.Path, State.Error.Length == 0, State.Error));
        Context.Stop();
    }
}
