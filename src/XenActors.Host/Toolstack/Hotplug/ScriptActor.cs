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
    string Error { get; }

    StoreBatch Batch { get; set; }
}

/// <summary>One run of a hotplug script: it takes its time to start, goes from batch to batch, and tells its parent how it ended.</summary>
public abstract class ScriptActor<TState> : Actor<TState>
    where TState : class, ICodec<TState>, IScriptState
{
    protected override void PreStart() =>
        Context.StartTimer(new ScriptWorked(), Context.Random.Jitter(State.Latencies!.Script, State.Latencies.JitterPercent));

    protected override void PostStop() => Context.Tell(State.Xs.Server, new XsDisconnect());

    public void On(in ScriptWorked m) => Advance();

    public void On(in XsReply m)
    {
        if (State.Xs.Accept(in m) && State.Batch.Advance(Context, State.Xs))
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
