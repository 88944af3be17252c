using XenActors.Simulation;

namespace XenActors.Experiments.Bench;

/// <summary>PHOLD's only message: a job that wanders from process to process.</summary>
[Codec]
public readonly partial record struct Job(int Number);

/// <summary>PHOLD's settings, the same for every actor, and what one actor has seen.</summary>
[Codec]
public sealed partial class PholdState
{
    public int Processes { get; set; }

    public VirtualDuration Mean { get; set; }

    /// <summary>Of 1000 jobs, how many go to a process drawn at random; the others stay.</summary>
    public int RemotePerMille { get; set; }

    /// <summary>What a job that stays adds to its delay, so that both kinds are alike.</summary>
    public VirtualDuration Lookahead { get; set; }

    /// <summary>How many jobs start here.</summary>
    public int Population { get; set; }

    public long Handled { get; set; }
}

/// <summary>PHOLD (Fujimoto, 1990): on each job, draw a delay and a destination and send it on.</summary>
public sealed class PholdActor : Actor<PholdState>
{
    protected override void PreStart()
    {
        for (var i = 0; i < State.Population; i++)
        {
            SendOn(new Job(i));
        }
    }

    public void On(in Job job)
    {
        State.Handled++;
        SendOn(in job);
    }

    private void SendOn(in Job job)
    {
        var state = State;
        ref var random = ref Context.Random;
        var delay = random.NextExponential(state.Mean);
        if (state.RemotePerMille < 1000 && random.Next(1000) >= state.RemotePerMille)
        {
            Context.Tell(Self, in job, delay + state.Lookahead);
            return;
        }

        // Processes are numbered from 1; each has one actor, in place 1. Uniform, oneself included, as PHOLD is defined.
        var process = 1 + (int)random.Next(state.Processes);
        var to = new ActorRef(process, 1);
        Context.Tell(to, in job, process == Self.Process ? delay + state.Lookahead : delay);
    }
}
